"""The scripts that people write names in, independent of the tables under test."""

import unicodedata

from hypothesis import strategies as st

# UAX 31, tables 5 and 7, and Mongolian: a block of each script, as Unicode's Blocks.txt has it.
BLOCKS = {
    "Arabic": (0x0600, 0x06FF), "Armenian": (0x0530, 0x058F), "Bengali": (0x0980, 0x09FF),
    "Bopomofo": (0x3100, 0x312F), "Cyrillic": (0x0400, 0x04FF), "Devanagari": (0x0900, 0x097F),
    "Ethiopic": (0x1200, 0x137F), "Georgian": (0x10A0, 0x10FF), "Greek": (0x0370, 0x03FF),
    "Gujarati": (0x0A80, 0x0AFF), "Gurmukhi": (0x0A00, 0x0A7F), "Han": (0x4E00, 0x9FFC),
    "Hangul": (0xAC00, 0xD7A3), "Hebrew": (0x0590, 0x05FF), "Hiragana": (0x3040, 0x309F),
    "Kannada": (0x0C80, 0x0CFF), "Katakana": (0x30A0, 0x30FF), "Khmer": (0x1780, 0x17FF),
    "Lao": (0x0E80, 0x0EFF), "Latin": (0x00C0, 0x024F), "Malayalam": (0x0D00, 0x0D7F),
    "Myanmar": (0x1000, 0x109F), "Oriya": (0x0B00, 0x0B7F), "Sinhala": (0x0D80, 0x0DFF),
    "Tamil": (0x0B80, 0x0BFF), "Telugu": (0x0C00, 0x0C7F), "Thaana": (0x0780, 0x07BF),
    "Thai": (0x0E00, 0x0E7F), "Tibetan": (0x0F00, 0x0FFF),
    "Adlam": (0x1E900, 0x1E95F), "Balinese": (0x1B00, 0x1B7F), "Bamum": (0xA6A0, 0xA6FF),
    "Batak": (0x1BC0, 0x1BFF), "Canadian Aboriginal": (0x1400, 0x167F),
    "Chakma": (0x11100, 0x1114F), "Cham": (0xAA00, 0xAA5F), "Cherokee": (0x13A0, 0x13FF),
    "Hanifi Rohingya": (0x10D00, 0x10D3F), "Javanese": (0xA980, 0xA9DF),
    "Kayah Li": (0xA900, 0xA92F), "Lepcha": (0x1C00, 0x1C4F), "Limbu": (0x1900, 0x194F),
    "Lisu": (0xA4D0, 0xA4FF), "Mandaic": (0x0840, 0x085F), "Meetei Mayek": (0xABC0, 0xABFF),
    "Miao": (0x16F00, 0x16F9F), "Mongolian": (0x1820, 0x18AA), "New Tai Lue": (0x1980, 0x19DF),
    "Newa": (0x11400, 0x1147F), "NKo": (0x07C0, 0x07FF),
    "Nyiakeng Puachue Hmong": (0x1E100, 0x1E14F), "Ol Chiki": (0x1C50, 0x1C7F),
    "Osage": (0x104B0, 0x104FF), "Saurashtra": (0xA880, 0xA8DF), "Sundanese": (0x1B80, 0x1BBF),
    "Syloti Nagri": (0xA800, 0xA82F), "Syriac": (0x0700, 0x074F), "Tai Le": (0x1950, 0x197F),
    "Tai Tham": (0x1A20, 0x1AAF), "Tai Viet": (0xAA80, 0xAADF), "Tifinagh": (0x2D30, 0x2D7F),
    "Vai": (0xA500, 0xA63F), "Wancho": (0x1E2C0, 0x1E2FF), "Yi": (0xA000, 0xA48F),
}  # fmt: skip

# Letters that stand for others by compatibility, are deprecated, or show nothing.
LEFT_OUT = frozenset(map(chr, range(0x03E2, 0x03F0))) | frozenset(  # Coptic, among the Greek ones
    "ĲĳĿŀŉſǄǅǆǇǈǉǊǋǌǱǲǳϐϑϒϕϖϰϱϲϴϵϹٵٶٷٸ\u0673ៜ\u17a3\u17a4\u17b4\u17b5\u0f77\u0f79ヿゟ"
)
# Marks that only specialists write, in songs and old books.
MARKS_OF_BOOKS = frozenset("\u0e4e\u0f7e\u17d3")


def letters_of(block: tuple[int, int]) -> list[str]:
    """The letters of a block, as NFC has them."""
    characters = map(chr, range(block[0], block[1] + 1))
    return [
        it
        for it in characters
        if unicodedata.category(it) in ("Lu", "Ll", "Lo", "Lt")
        and unicodedata.normalize("NFC", it) == it
        and it not in LEFT_OUT
    ]


def marks_of(block: tuple[int, int]) -> list[str]:
    """The combining marks of a block, as NFC has them."""
    characters = map(chr, range(block[0], block[1] + 1))
    return [
        it
        for it in characters
        if unicodedata.category(it) in ("Mn", "Mc")
        and unicodedata.normalize("NFC", it) == it
        and it not in LEFT_OUT | MARKS_OF_BOOKS
    ]


@st.composite
def words(draw: st.DrawFn, block: tuple[int, int]) -> str:
    """A word of up to six letters, each with up to two marks, as its script allows."""
    letters, marks = letters_of(block), marks_of(block)
    stack = st.lists(st.sampled_from(marks), max_size=2, unique=True) if marks else st.just([])
    word = "".join(
        draw(st.sampled_from(letters)) + "".join(draw(stack))
        for _ in range(draw(st.integers(1, 6)))
    )
    return unicodedata.normalize("NFC", word)


# Names of people and languages, with the joiners that belong in them.
REAL_TEXT = """
العربية آذربایجان بلۆچی علی‌رضا مه‌لقا اردو ئۇيغۇر հայերեն
Հովհաննես অসমীয়া বাংলা র‍্যাব মৈতৈলোন্ 𑄌𑄋𑄴𑄟𑄳𑄦 ᐃᓄᒃᑎᑐᑦ ᏣᎳᎩ
Аԥсшәа азәрбајҹан Зоя हिन्दी अमिताभ श्रीनिवासन क्षत्रिय
कार्त्स्न्य नेपाली አማርኛ ግዕዝኛ ქართული Ελληνικά Ἑλληνικά
ગુજરાતી ਪੰਜਾਬੀ ਸ਼ੁੱਕਰਵਾਰ 한국어 김철수 ㅋㅋㅋ 中文 粵語 葛󠄀城 たかはし がっこう
ジョーンズ עברית ייִדיש שָׁלוֹם 𞄀𞄄𞄰𞄩𞄍𞄜𞄰 ខ្មែរ សុខា ಕನ್ನಡ
ನ್ಯಾಮ್‌ವೆಂಜಿ ರ‍್ಯಾಂಕ್ ລາວ ນ້ຳ ໜູ Qafar Nguyễn Ọlábísí Łukasz
Þór Ñandú mɛ́ kabwe᷆r ʻŌlelo മലയാളം ഉസ്‌ബെക്ക് ᠮᠣᠩᠭᠣᠯ
ꯃꯤꯇꯩꯂꯣꯟ မြန်မာ ဗျူးဖို့တ် ကြွော် တႆး ߒߞߏ ᱥᱟᱱᱛᱟᱲᱤ ଓଡ଼ିଆ ୱେବର
𐓏𐓘𐓻𐓘𐓻𐓟 𐴌𐴗𐴥𐴝𐴙𐴚𐴒𐴙𐴝 සිංහල ශ්‍රී ප්‍රංශ ܣܘܪܝܝܐ தமிழ் ஸ்ரீனி ꪼꪕꪒꪾ
తెలుగు ⵜⴰⵎⴰⵣⵉⵖⵜ ދިވެހިބަސް ไทย น้ำฝน สมเกียรติ์ ทรงฤทธิ์
བོད་སྐད་ རྫོང་ཁ ཧཱུྃ བསྒྲུབས ꕙꔤ ꆈꌠꉙ
"""
REAL = REAL_TEXT.split()
