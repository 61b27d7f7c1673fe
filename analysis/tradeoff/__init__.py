"""What a cost buys: the released checkpoints and their log-linear fits."""
