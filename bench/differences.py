"""What differs between two folders that `same_site.py` has collected."""

import difflib
import hashlib
import re


def lines_of(path):
    """A file as lines to compare; white space around and inside tags does not count."""
    body = path.read_bytes()
    if path.suffix not in {".html", ".txt", ".json", ".csv", ".ics", ".xml"}:
        return [hashlib.sha256(body).hexdigest()]
    text = body.decode()
    if path.suffix == ".html":
        text = re.sub(r"<[^>]*>", lambda tag: "\n" + re.sub(r"\s+(?=/?>)|(?<=\")\s+(?=\")", "", tag[0]) + "\n", text)
        text = re.sub(r'="\s+|\s+"(?=[\s>])', lambda edge: edge[0].strip(), text)
    lines = (re.sub(r"\s+", " ", line).strip() for line in text.splitlines())
    return [line for line in lines if line]


def compare(first, second):
    """Say what differs; return how many files do."""
    found = [{str(p.relative_to(top)) for p in top.rglob("*") if p.is_file()} for top in (first, second)]
    differing = 0
    for name in sorted(found[0] & found[1]):
        if (first / name).read_bytes() != (second / name).read_bytes():
            pair = lines_of(first / name), lines_of(second / name)
            if pair[0] != pair[1]:
                differing += 1
                diff = difflib.unified_diff(*pair, f"A/{name}", f"B/{name}", n=1, lineterm="")
                print("\n".join(line[:300] for _, line in zip(range(15), diff, strict=False)), end="\n\n")
    for mark, only in (("A", found[0] - found[1]), ("B", found[1] - found[0])):
        print("".join(f"only in {mark}: {name}\n" for name in sorted(only)), end="")
    alone = len(found[0] ^ found[1])
    print(f"{len(found[0] & found[1])} files in both, {differing} differ, {alone} only in one")
    return differing + alone
