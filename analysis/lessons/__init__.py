"""The cost math as steps with the user's numbers in them."""
