"""What the files of a folder are, guessed and tried, and the definitions written from it."""
