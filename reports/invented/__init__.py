"""What invented people are made of: names, answers, diagnoses. The demo and the simulated nation draw from it."""
