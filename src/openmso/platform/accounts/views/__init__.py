"""Views: the pages of one's own account, of people and of the API's documents."""
