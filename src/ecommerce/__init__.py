"""The backend of a shop: catalogue, accounts, stock, carts and orders on PostgreSQL."""
