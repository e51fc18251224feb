"""Bundles that earned a name: registered, found again, and promoted by their own verdict."""
