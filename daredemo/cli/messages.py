"""`python3 run.py messages`: take new sentences into the translations, and say what is left to translate."""

from daredemo.languages import catalogues, spoken


def main() -> int:
    wanted = catalogues.extracted()
    left = {code: catalogues.update(code, wanted) for code in catalogues.translated()}
    for code, messages in left.items():
        name = spoken.NAMES.get(code, "ふりがな")
        print(f"{code:8} {name}: {len(messages)} to translate" if messages else f"{code:8} {name}: complete")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
