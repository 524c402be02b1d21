"""Notice boards (公示栏): what hangs where, what is to be put up and taken down, and what a photo of a board shows."""
