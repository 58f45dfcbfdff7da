"""From blocks to text, one file per output."""
