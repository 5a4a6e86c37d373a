# SPDX-License-Identifier: ISC
"""bench-reader's context: the same work by Python's email."""
import email
import email.policy
import sys
import time
import warnings

warnings.simplefilter("ignore")


def read(raw):
    message = email.message_from_bytes(raw, policy=email.policy.default)
    n = 0
    for name in ("subject", "from", "to", "cc"):
        try:
            n += len(str(message[name] or ""))
        except Exception:  # noqa: BLE001 - some mails are too odd for it
            pass
    for part in message.walk():
        if part.is_multipart():
            continue
        payload = part.get_payload(decode=True) or b""
        if part.get_content_maintype() == "text":
            try:
                payload = payload.decode(part.get_content_charset() or "ascii", "replace")
            except LookupError:
                pass
        n += len(payload)
    return n


mails = [open(path.rstrip("\n"), "rb").read() for path in sys.stdin]
best = None
for _ in range(2):
    start = time.process_time()
    for raw in mails:
        read(raw)
    spent = time.process_time() - start
    best = spent if best is None else min(best, spent)
size = sum(map(len, mails))
print(f"bench-reader python-email mails_per_s={len(mails) / best:.0f} "
      f"mb_per_s={size / best / 1e6:.1f} mails={len(mails)}")
