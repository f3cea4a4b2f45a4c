"""The backend of a shop: catalogue, search, accounts and stock on PostgreSQL."""
