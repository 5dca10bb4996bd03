"""Conditional compilation of Visual Basic."""


def seen(text, defined):
    """What the compiler sees where these constants are defined; its lines stay where they are."""
    out, open_ifs = [], []  # of each #If: does this branch count, did any before
    for line in text.split("\r\n"):
        words = line.split()
        first = words[0] if words else ""
        if first == "#If":
            open_ifs.append((words[1] in defined, words[1] in defined))
        elif first == "#ElseIf":
            _, done = open_ifs[-1]
            open_ifs[-1] = (words[1] in defined and not done, done or words[1] in defined)
        elif first == "#Else":
            open_ifs[-1] = (not open_ifs[-1][1], True)
        elif first == "#End":
            open_ifs.pop()
        elif all(counts for counts, _ in open_ifs):
            out.append(line)
            continue
        out.append("")
    assert not open_ifs, "an #If has no #End If"
    return "\r\n".join(out)
