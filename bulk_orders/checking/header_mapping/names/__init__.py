"""What other programs and other languages call our columns and the entries of our lists."""
