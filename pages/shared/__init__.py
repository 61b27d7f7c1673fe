"""What pages share: frame and menu, controls and link, cached calls, the audit that follows."""
