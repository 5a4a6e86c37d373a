# SPDX-License-Identifier: ISC
"""A small fictional shop as JSON Lines: 30 customers, 60 orders, German and English."""
import json

NAMES = [
    ('Erika Mustermann', 'de'), ('John Carter', 'en'), ('Jürgen Groß', 'de'),
    ('Mary Hughes', 'en'), ('Björn Östlund', 'en'), ('Sabine Krämer', 'de'),
    ('Peter Walsh', 'en'), ('Anke Vogt', 'de'), ('Tom Baker', 'en'), ('Ute Schäfer', 'de'),
    ('Claire Dubois', 'en'), ('Hans Müller', 'de'), ('Grace Lee', 'en'), ('Karin Weiß', 'de'),
    ('Liam Byrne', 'en'), ('Jutta König', 'de'), ('Emma Stone-Ward', 'en'),
    ('Dieter Böhm', 'de'), ('Olivia Park', 'en'), ('Petra Lange', 'de'), ('Noah Quinn', 'en'),
    ('Ingrid Maier', 'de'), ('Sean Murphy', 'en'), ('Renate Fuchs', 'de'), ('Ava Mills', 'en'),
    ('Klaus Jäger', 'de'), ('Ruth Adams', 'en'), ('Gisela Brandt', 'de'), ('Ivan Novak', 'en'),
    ('Bounce Tester', 'en'),
]
ITEMS = [
    ('TEA-EARL', 'Earl Grey, 250 g', 1290), ('TEA-MINT', 'Mint, 100 g', 690),
    ('POT-CAST', 'Cast iron pot, 0.8 l', 5900), ('CUP-BLUE', 'Cup, blue glaze', 1450),
    ('TIN-SML', 'Tea tin, small', 495), ('WHISK', 'Bamboo whisk', 1100),
]
ASCII = str.maketrans({'ä': 'ae', 'ö': 'oe', 'ü': 'ue', 'ß': 'ss', 'Ö': 'oe', 'Ä': 'ae',
                       'Ü': 'ue', ' ': '.', '-': '.'})


def address(name):
    if name == 'Bounce Tester':
        return 'bounce@customer.example'
    return name.lower().translate(ASCII) + '@customer.example'


def postal(i, name, language):
    german = language == 'de'
    return {'name': name, 'lines': [f'Lindenweg {i + 1}' if german else f'{i + 1} Mill Lane'],
            'postcode': f'{10115 + i}' if german else f'BS{i % 9 + 1} {i % 9}AB',
            'city': 'Berlin' if german else 'Bristol', 'country': 'DE' if german else 'GB'}


def records():
    for sku, name, price in ITEMS:
        yield {'type': 'item', 'sku': sku, 'name': name, 'price': price, 'currency': 'EUR',
               'vat_category': 'S', 'vat_rate': 70000 if sku.startswith('TEA') else 190000,
               'on_hand': 100}
    for i, (name, language) in enumerate(NAMES):
        yield {'type': 'customer', 'id': f'C{10001 + i}', 'name': name, 'language': language,
               'currency': 'EUR', 'emails': [address(name)],
               'addresses': [dict(postal(i, name, language), roles=['billing', 'delivery'])],
               **({'watch': [{'text': 'Allergic to mint: check every parcel.'}]} if i == 3 else {})}
    for n in range(60):
        i = n % 30
        name, language = NAMES[i]
        lines = []
        for k in range(1 + n % 3):
            sku, item, price = ITEMS[(n + k) % len(ITEMS)]
            lines.append({'number': k + 1, 'sku': sku, 'name': item, 'quantity': 1 + (n + k) % 3,
                          'unit_price': price, 'vat_category': 'S',
                          'vat_rate': 70000 if sku.startswith('TEA') else 190000,
                          'state': 'HAL' if n % 2 == 0 else 'ANG'})
        yield {'type': 'order', 'id': f'O{10001 + n}', 'customer': f'C{10001 + i}',
               'channel': 'web', 'currency': 'EUR', 'payment_type': 'bank', 'shipping_cost': 490,
               'ordered_at': f'2026-10-{1 + n % 28:02d}T09:00:00Z',
               'billing': postal(i, name, language), 'shipping': postal(i, name, language),
               'lines': lines}


def write(path):
    with open(path, 'w', encoding='utf-8') as out:
        for record in records():
            out.write(json.dumps(record, ensure_ascii=False) + '\n')
