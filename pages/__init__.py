"""The app's pages; the home page is app.py."""
