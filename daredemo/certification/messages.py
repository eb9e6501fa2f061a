"""What certification says to families by mail, telephone and letter. Mail names no child."""

from daredemo.notifications import kinds


def register() -> None:
    """Make the kinds known; 利用申請URLのお知らせ and アカウント発行のお知らせ are the notifications' own."""
    kinds.register(
        "application_received",
        example={
            "number": "A123-456-789",
            "municipality": "掛川市",
            "decide_by": "2026年5月6日",
            "url": "/application/status/",
            "return_url": "/apply/return/",
        },
    )
    kinds.register(
        "application_returned",
        example={
            "number": "A123-456-789",
            "municipality": "掛川市",
            "url": "/application/status/",
            "return_url": "/apply/return/",
        },
    )
    kinds.register(
        "certified_notice",
        example={"number": "A123-456-789", "municipality": "掛川市", "url": "/certificate/"},
    )
    kinds.register(
        "declined_notice",
        example={
            "number": "A123-456-789",
            "municipality": "掛川市",
            "url": "/application/status/",
            "return_url": "/apply/return/",
            "posted": "",
        },
    )
    kinds.register("result_letter", example={"number": "A123-456-789", "municipality": "掛川市"}, paper=True)
