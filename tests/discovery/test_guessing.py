"""What kpi init takes files for whose contents mislead."""

from datetime import date
from pathlib import Path

import pytest

from kpicli.discovery.answers import Answers, ask_nobody
from kpicli.discovery.inquiry import Inquiry, inquire
from kpicli.discovery.page import write_page
from kpicli.discovery.summary import summary_lines
from kpicli.errors import SourceError

TODAY = date(2025, 10, 1)
LINES = "id,_fivetran_synced,{}\n"


def _inquired(folder: Path, **files: str) -> Inquiry:
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return inquire(folder, folder, "first.yaml", Answers(), ask_nobody, TODAY)


def _keys(told: Inquiry, name: str) -> dict[str, object]:
    return dict(next(one for one in told.proposal.drafts if one.name == name).keys)


def _said(told: Inquiry, folder: Path) -> str:
    return " ".join(" ".join(summary_lines(told, folder, "first.yaml")).split())


def test_whole_amounts_of_a_product_in_cents(tmp_path: Path) -> None:
    told = _inquired(
        tmp_path,
        refund_rows="id,_fivetran_synced,amount,charge_id,created,currency\n"
        "re_1A,2025-03-03 02:21:03,675000,ch_9B,2025-02-18 21:19:33,usd\n"
        "re_2A,2025-03-22 20:21:22,13650,ch_8B,2025-02-22 16:24:12,usd\n",
        price_rows="id,_fivetran_synced,currency,unit_amount,livemode\n"
        "x1,2025-03-03 02:21:03,usd,100,TRUE\nx2,2025-03-03 02:21:03,usd,2999,TRUE\n",
        rent="flat,price\nA,1200\nB,900\n",
        shop="order,ch_id,amount\n1,ch_1A,12.50\n2,ch_2A,9.00\n",
    )
    assert _keys(told, "refund_rows")["types"] == {
        "fivetran_synced": "time", "created": "time", "amount": "cents",
    }  # fmt: skip
    assert _keys(told, "price_rows")["types"]["unit_amount"] == "cents"  # type: ignore[index]
    assert "cents" not in str((_keys(told, "rent"), _keys(told, "shop")))
    assert "amount in cents, a guess: whole numbers beside Stripe's ids" in _said(told, tmp_path)
    assert "# unit_amount in cents, a guess" in write_page(told)


def test_when_a_row_was_copied_dates_nothing(tmp_path: Path) -> None:
    told = _inquired(
        tmp_path,
        movements="id,_fivetran_synced,available_on,created\n"
        "a1,2025-09-03 02:21:03,2025-02-20 00:00:00,2025-02-18 21:19:33\n"
        "a2,2025-09-04 02:21:03,2025-02-25 00:00:00,2025-02-22 16:24:12\n",
        colours="_airbyte_raw_id,colour,_sdc_batched_at,uuid_ts\n"
        "a1,red,2025-09-03 02:21:03,2025-09-03 02:21:03\n"
        "a2,blue,2025-09-04 02:21:03,2025-09-03 02:21:04\n",
    )
    assert _keys(told, "movements")["time"] == "created"
    colours = _keys(told, "colours")
    assert not {"time", "start", "end"} & set(colours)
    assert colours["key"] == "colour"


def test_titles_above_and_totals_below_are_no_rows(tmp_path: Path) -> None:
    told = _inquired(
        tmp_path,
        budget="Month;Channel;Spend\nJan 2025;Ads;100\nFeb 2025;Ads;200\nMar 2025;Ads;300\n"
        "Total;;600\n",
        google="Campaign report\nJanuary 1, 2025 - March 31, 2025\nDay\tCampaign\tClicks\tCost\n"
        "2025-01-01\tBrand\t4\t1.5\n2025-01-02\tBrand\t6\t2\nTotal: Account\t --\t10\t3.5\n",
        shops="shop,sales\nTotal Energies,5\nTotal,3\nCafé,4\nBar,4\nInn,2\nDen,2\n",
    )
    spend = next(one for one in told.proposal.drafts if one.group.stem == "budget")
    assert spend.keys["footer_from"] == "Total"
    assert spend.look.rows == 3
    assert str(spend.span[0] if spend.span else None) == "2025-01-01"
    google = next(one for one in told.proposal.drafts if one.group.stem == "google")
    assert google.keys["skip_lines"] == 2
    assert google.keys["footer_from"] == "Total: Account"
    assert google.look.rows == 2
    assert next(one for one in told.proposal.drafts if one.name == "shops").look.rows == 6
    assert "left out: totals of those above" in _said(told, tmp_path)


def test_a_header_as_long_as_a_letter_is_left_out(tmp_path: Path) -> None:
    told = _inquired(tmp_path, wide=f"day,{'x' * 1100},paid\n2025-01-03,4,yes\n2025-02-03,5,no\n")
    assert _keys(told, "wide")["types"] == {"day": "date", "paid": "yes_no"}
    assert "left out: its header has 1,100 characters: xxx" in _said(told, tmp_path)


HUBSPOT = "Record ID,Deal Name,Deal Stage,Amount,Deal owner,Create Date,Close Date\n"
SALESFORCE = "Opportunity ID,Opportunity Name,Account Name,Stage,Amount,Close Date,Created Date\n"


def test_a_second_file_of_a_part_keeps_its_preset(tmp_path: Path) -> None:
    told = _inquired(
        tmp_path,
        hubs=HUBSPOT + "1,A,Closed Won,100,Ann,2025-01-02 10:00,2025-02-03 11:00\n"
        "2,B,Qualified,50,Ann,2025-01-05 10:00,2026-02-07 11:00\n",
        sales=SALESFORCE + "a1,X,Y,Closed Won,5,05/17/2025,05/01/2025\n",
    )
    assert {one.name for one in told.proposal.drafts} == {"deals", "hubspot_deals"} or {
        one.name for one in told.proposal.drafts
    } == {"deals", "salesforce_opportunities"}
    assert all("preset" in one.keys for one in told.proposal.drafts)
    assert "KPIs are told of deals: here say source: " in _said(told, tmp_path)


def test_the_score_of_a_survey_is_found_by_its_question(tmp_path: Path) -> None:
    question = "How likely are you to recommend Acme to a friend?"
    told = _inquired(
        tmp_path,
        typeform=f"#,{question},Why?,Start Date (UTC),Submit Date (UTC),Network ID\n"
        "9a,6,,2025-04-13 09:00:00,2025-04-13 09:02:00,3a\n"
        "9b,9,good,2025-05-13 09:00:00,2025-05-13 09:02:00,3b\n",
    )
    assert _keys(told, "answers")["columns"] == {"score": question}
    assert "nps" in told.proposal.kpis
    assert "score is 'How likely" in _said(told, tmp_path)


def test_headers_that_stand_twice_are_told(tmp_path: Path) -> None:
    told = _inquired(tmp_path, rows="id,day,amount,amount\n1,2025-01-03,100,5\n2,2025-02-03,1,5\n")
    assert "2 columns are called 'amount': none of them is read" in _said(told, tmp_path)


def test_where_nothing_can_be_used_it_is_said_why(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as wrong:
        _inquired(
            tmp_path,
            orders="order_id,order_date,total\n0,01/01/2025,0.50\n1,02/03/2025,10.50\n",
            bare="a,b\n",
        )
    told = {one.message: one.hint for one in wrong.value.problems}
    assert told["orders.csv: 02/03/2025 is 2 Mar 2025 or 3 Feb 2025?"] == (
        "say --dates day-first or --dates month-first"
    )
    assert "bare.csv has no row below its header" in told


def test_what_is_written_by_the_month_is_told_by_it(tmp_path: Path) -> None:
    told = _inquired(
        tmp_path,
        spend="month,channel,spend_eur\n2025-01-01,Ads,100\n2025-02-01,Ads,200\n2025-03-01,Li,9\n",
    )
    assert told.proposal.grain == "month"
    assert _keys(told, "spend")["quiet"] == "1mo"
    assert _keys(told, "spend")["columns"] == {"amount": "spend_eur"}
    assert "monthly:" in write_page(told)


def test_words_of_another_language_and_tables_of_links(tmp_path: Path) -> None:
    told = _inquired(
        tmp_path,
        Rechnungen="Rechnungsnr;Kunde;Datum;Betrag;Währung\n"
        "R1;A;30.01.2025;8.043,82;EUR\nR2;B;20.06.2025;3.047,07;EUR\n",
        deal_company_data="company_id,deal_id,type_id,category\n1,6,7,X\n5,1,7,X\n",
        company_data="id,is_deleted,property_name\n1,false,A\n5,false,B\n7,false,C\n",
    )
    assert _keys(told, "invoices")["columns"] == {
        "invoice_id": "Rechnungsnr", "issued_at": "Datum", "account_id": "Kunde",
        "amount": "Betrag", "currency": "Währung",
    }  # fmt: skip
    assert _keys(told, "accounts")["path"] == "company_data.csv"
