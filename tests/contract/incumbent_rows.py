"""A few dozen rows for each kind of incumbent."""

import pandas as pd


def load_rows():
    values = [(i * 7) % 30 / 30 for i in range(60)]
    labels = ["low" if x < 0.3 else "middle" if x < 0.6 else "top" for x in values]
    return pd.DataFrame({"x": values, "y": [x * x for x in values], "label": labels})


def load_texts():
    things = ["kettle", "lamp", "jacket", "sofa", "phone", "mug"]
    asked = {
        "cancel": "please cancel the {} that I bought",
        "return": "how do I send the {} back",
        "track": "where is my {} now",
    }
    return pd.DataFrame(
        [
            {"text": text.format(thing), "label": label}
            for thing in things
            for label, text in asked.items()
        ]
    )


def load_tagged():
    cities = [["Rome"], ["New", "York"], ["Oslo"], ["Cape", "Town"]]
    rows = []
    for city in cities:
        tokens = ["We", "fly", "to", *city, "at", "noon"]
        tags = ["O", "O", "O", "B-city", *["I-city"] * (len(city) - 1), "O", "O"]
        starts = [sum(len(word) + 1 for word in tokens[:at]) for at in range(len(tokens))]
        rows.append({"text": " ".join(tokens), "tokens": tokens, "starts": starts, "tags": tags})
    return pd.DataFrame(rows)
