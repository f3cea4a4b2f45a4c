"""What a product is, by the noun at the head of its name, and what counts as what.

The judge's knowledge, in English: it looks at names and categories alone and knows nothing of how
the shop ranks.
"""

from collections.abc import Sequence
from typing import Final

_OPENING: Final = frozenset(
    "with for in of on by from at to and featuring without under over".split()
)
"""Words behind which a name says no more what the product is: a lamp with a clock is a lamp."""

_GATHERING: Final = frozenset(
    "set sets kit collection duo trio quartet ensemble assortment bundle pack pair combo package"
    " sampler series selection box gift deluxe pro edition".split()
)
"""Words for several things at once, which say not what these are."""

KINDS: Final = {
    "backpack": "backpack backpacks daypack rucksack knapsack",
    "bag": "bag bags tote handbag purse satchel clutch crossbody briefcase pouch duffel backpack"
    " daypack",
    "handbag": "handbag purse clutch crossbody satchel",
    "tote bag": "tote",
    "glasses": "glasses eyeglasses eyewear frames spectacles sunglasses shades",
    "eyeglasses": "glasses eyeglasses eyewear frames spectacles",
    "sunglasses": "sunglasses shades",
    "watch": "watch wristwatch timepiece chronograph smartwatch",
    "belt": "belt",
    "jacket": "jacket coat parka blazer overcoat puffer windbreaker",
    "coat": "coat overcoat parka trench",
    "shirt": "shirt tee blouse flannel henley tunic top",
    "t-shirt": "tee t-shirt",
    "sweater": "sweater cardigan pullover jumper",
    "scarf": "scarf wrap shawl neckerchief",
    "socks": "sock socks",
    "dress": "dress gown",
    "shoes": "shoe shoes sneaker sneakers boot boots oxfords oxford heels pumps pump stilettos flats"
    " loafers sandals runners booties slides clogs brogues mules wedges flops",
    "boots": "boot boots booties",
    "sneakers": "sneaker sneakers runners trainers runner",
    "sandals": "sandal sandals flops slides",
    "high heels": "heels pumps pump stilettos wedges",
    "formal shoes": "oxfords oxford loafers brogues",
    "bracelet": "bracelet bracelets bangle bangles",
    "necklace": "necklace pendant pendants choker",
    "earrings": "earring earrings studs",
    "jewelry": "bracelet bracelets bangle necklace pendant earring earrings ring jewelry",
    "chair": "chair chairs armchair lounger recliner stool",
    "armchair": "armchair",
    "sofa": "sofa sofas loveseat couch sectional settee",
    "couch": "sofa sofas loveseat couch sectional settee",
    "table": "table tables desk",
    "desk": "desk desks workstation",
    "dresser": "dresser drawers chest",
    "cabinet": "cabinet cupboard sideboard",
    "office furniture": "desk workspace workstation boardroom office",
    "dining table": "dining",
    "lamp": "lamp lamps",
    "lighting": "lamp lamps light lights chandelier sconce pendant luminaire fixture lantern",
    "clock": "clock clocks",
    "pillow": "pillow pillows cushion cushions",
    "cushion": "pillow pillows cushion cushions",
    "basket": "basket baskets",
    "vase": "vase vases",
    "candle": "candle candles",
    "wall art": "art poster print canvas painting tapestry",
    "poster": "poster print",
    "rug": "rug carpet",
    "mirror": "mirror mirrors",
    "flowers": "bouquet bouquets arrangement centerpiece corsage boutonniere flowers roses tulips",
    "bouquet": "bouquet bouquets",
    "flower arrangement": "bouquet arrangement centerpiece",
    "plant": "plant plants cactus succulent planter deliciosa",
    "potted plant": "plant plants cactus succulent planter",
    "wreath": "wreath wreaths",
    "bowl": "bowl bowls",
    "plate": "plate plates platter",
    "teapot": "teapot",
    "mug": "mug mugs cup",
    "wine glass": "glass goblet flutes stemware",
    "drinkware": "glass goblet flutes tumbler tumblers mug cup stemware chalice glassware",
    "tableware": "setting dinnerware silverware plate plates dish cutlery",
    "cookware": "cookware pot pan skillet wok saucepan oven",
    "knife": "knife knives",
    "kettle": "kettle",
    "guitar": "guitar telecaster",
    "piano": "piano keyboard",
    "keyboard": "keyboard controller",
    "drums": "drum drums cymbal",
    "violin": "violin violins cello",
    "trumpet": "trumpet horn",
    "saxophone": "saxophone",
    "microphone": "microphone mic",
    "headphones": "headphones earbuds headset",
    "speaker": "speaker speakers",
    "camera": "camera cameras",
    "television": "tv television 4k",
    "cable": "cable cables cord",
    "toothbrush": "toothbrush toothbrushes",
    "makeup": "makeup lipstick mascara eyeshadow foundation palette blush concealer",
    "lipstick": "lipstick",
    "razor": "razor shaving",
    "soap": "soap",
    "towel": "towel towels",
    "cake": "cake cakes cupcake cupcakes",
    "dessert": "cake cakes cupcakes pie cookies dessert pastry donut parfait",
    "bread": "boule loaf bread baguette rolls bagel bagels",
    "pastry": "croissant croissants pastry donut danish",
    "meat": "steak steaks beef roast chicken chops ribs belly cuts brisket",
    "steak": "steak steaks",
    "seafood": "lobsters lobster crab crabs prawns shrimp fillet fillets langoustines salmon tentacles",
    "fruit": "apples bananas grapes nectarines apricots blueberries melon grapefruit kiwi pear pears"
    " pineapple pomegranates raspberries strawberries watermelons oranges",
    "vegetables": "peppers potatoes onions cucumbers mushrooms cauliflower lettuce squash peas potato"
    " avocado onion",
    "cookies": "cookie cookies",
    "chocolates": "chocolate chocolates truffle truffles",
    "fishing lure": "lure lures spinner fly",
    "fishing reel": "reel reels",
    "fishing gear": "lure lures reel reels rod waders",
    "kayak": "kayak kayaks",
    "tent": "tent tents",
    "lantern": "lantern lanterns",
    "christmas ornament": "ornament ornaments bauble baubles",
    "garland": "garland garlands",
    "mask": "mask masks",
    "easter eggs": "egg eggs",
    "christmas decoration": "ornament ornaments garland topper decoration",
    "teddy bear": "bear plush",
    "hammer": "hammer hammers mallet",
    "saw": "saw saws chainsaw",
    "chainsaw": "chainsaw",
    "wrench": "wrench wrenches ratchet",
    "pliers": "pliers",
    "screwdriver": "screwdriver screwdrivers",
    "drill": "drill drills",
    "axe": "axe hatchet",
    "tools": "tool toolkit toolset hammer saw chainsaw wrench pliers screwdriver drill axe",
    "cookbook": "cookbook",
}
"""What a shopper asks for, and the head nouns of what a judge would let pass for it."""


def head_of(name: Sequence[str]) -> str:
    """The noun that says what a product of this name is: of "Oak Table Set with Lamp", table."""
    words = list(name)
    for place, word in enumerate(words[1:], start=1):
        if word in _OPENING:
            words = words[:place]
            break
    while len(words) > 1 and (words[-1] in _GATHERING or words[-1].isdigit()):
        words.pop()
    return words[-1] if words else ""
