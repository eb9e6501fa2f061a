"""What people of the world tell: secrets that must never be readable, a passkey, a mail."""

from typing import Any

PASSWORD = "まいにち あさ はやく おきる"
PICTURE = bytes.fromhex("255044462d312e340a")  # a PDF begins like this

# What a browser told when it made a passkey.
PASSKEY = {
    "id": "Y2NjY2NjY2NjY2NjY2NjYw",
    "rawId": "Y2NjY2NjY2NjY2NjY2NjYw",
    "response": {
        "clientDataJSON": "eyJ0eXBlIjoid2ViYXV0aG4uY3JlYXRlIiwiY2hhbGxlbmdlIjoiZUhoNGVIaDRlSGg0ZUhoNGVI"
        "aDRlSGg0ZUhoNGVIaDRlSGg0ZUhoNGVIZyIsIm9yaWdpbiI6Imh0dHA6Ly90ZXN0c2VydmVyIiwi"
        "Y3Jvc3NPcmlnaW4iOmZhbHNlfQ",
        "attestationObject": "o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YViUAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        "AAAAAABFAAAAAAAAAAAAAAAAAAAAAAAAAAAAEGNjY2NjY2NjY2NjY2NjY2OlAQIDJiABIVggmqLW"
        "9nQNoV6pWKfdbP0aeactPNdItGDAl07iejFXgnMiWCB1gOsfHO1iWq8ztl0mnMvMyzMuzKDUeaMG"
        "BOEuXVMfNg",
    },
    "clientExtensionResults": {},
    "type": "public-key",
}
# What must never be readable in the database or in a log. Each is told where a family or an office tells it.
CANARIES = {
    "address": "かなりあ町一丁目九番地の七",
    "street": "かなりあ荘二〇三号室",
    "phone": "09070605040",
    "called": "08011223344",
    "email": "canary@kanaria.example",
    "allergies": "かなりあのらんのアレルギー",
    "health": "かなりあの持病のこと",
    "development": "かなりあの育ちのこと",
    "doctor": "かなりあ医院の電話",
    "contact": "かなりあの祖父",
    "pick_up": "かなりあのおばさん",
    "note": "かなりあの面談のメモ",
    "ground": "かなりあをお断りする理由",
    "differs": "かなりあの住民票の事情",
    "file": "かなりあの減免証明.pdf",
    "password": PASSWORD,
}
CARE: dict[str, Any] = {
    "allergies": CANARIES["allergies"],
    "no_allergies": False,
    "health": CANARIES["health"],
    "development": CANARIES["development"],
    "doctor": CANARIES["doctor"],
    "pick_up_people": CANARIES["pick_up"],
    "emergency_contacts": [{"name": CANARIES["contact"], "relation": "祖父", "phone": CANARIES["called"]}],
}

# A mail with something attached, as the demo's mail server gets it.
MAIL = b"""Subject: mail
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain

hello
--b
Content-Type: text/calendar
Content-Disposition: attachment; filename="a.ics"

x
--b--
""".replace(b"\n", b"\r\n")
