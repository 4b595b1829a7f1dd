"""Who may send when: the quota of each token, shared out."""
