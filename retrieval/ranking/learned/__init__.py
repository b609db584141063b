"""What is learned from questions: weights of the order, models of the confidence."""
