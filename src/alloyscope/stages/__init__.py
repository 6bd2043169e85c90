"""What a case can ask for, one stage a module: case in, record out."""
