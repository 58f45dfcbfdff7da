"""Every sentence of the language, held against small files that a reader can count by eye."""
