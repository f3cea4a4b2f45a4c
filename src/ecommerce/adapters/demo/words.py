"""The words that demonstration products are made of."""

from dataclasses import dataclass
from typing import Final

_GOODS: Final = """
Home > Kitchen > Cookware | 4500 | steel, copper, cast iron, aluminium | size
  Frying Pans=Frying Pan; Saucepans=Saucepan; Stockpots=Stockpot; Woks=Wok
Home > Kitchen > Tableware | 1800 | stoneware, porcelain, glass, bamboo | colour
  Plates=Plate Set; Bowls=Bowl; Mugs=Mug; Jugs=Jug
Home > Kitchen > Small Appliances | 7900 | steel, plastic, glass | colour
  Kettles=Kettle; Toasters=Toaster; Blenders=Blender; Coffee Grinders=Coffee Grinder
Home > Bedroom > Bedding | 6200 | cotton, linen, wool, bamboo | size
  Duvet Covers=Duvet Cover; Pillowcases=Pillowcase; Blankets=Blanket; Fitted Sheets=Fitted Sheet
Home > Bedroom > Bedroom Furniture | 28000 | oak, pine, walnut, steel | none
  Bed Frames=Bed Frame; Nightstands=Nightstand; Wardrobes=Wardrobe; Dressers=Dresser
Home > Living Room > Seating | 42000 | velvet, leather, linen, bouclé | colour
  Sofas=Sofa; Armchairs=Armchair; Footstools=Footstool; Rocking Chairs=Rocking Chair
Home > Living Room > Lighting | 8900 | brass, paper, rattan, steel | none
  Floor Lamps=Floor Lamp; Table Lamps=Table Lamp; Pendants=Pendant Light; Wall Lights=Wall Light
Clothing > Women > Tops | 3400 | cotton, linen, silk, merino | apparel
  Blouses=Blouse; T-Shirts=T-Shirt; Jumpers=Jumper; Cardigans=Cardigan
Clothing > Women > Bottoms | 4900 | denim, cotton, wool, linen | apparel
  Skirts=Skirt; Jeans=Jeans; Trousers=Trousers; Shorts=Shorts
Clothing > Men > Shirts | 4200 | cotton, linen, flannel, denim | apparel
  Oxford Shirts=Oxford Shirt; Polo Shirts=Polo Shirt; Overshirts=Overshirt; Henleys=Henley
Clothing > Men > Outerwear | 11800 | wool, nylon, waxed cotton, down | apparel
  Parkas=Parka; Raincoats=Raincoat; Gilets=Gilet; Pea Coats=Pea Coat
Clothing > Shoes > Casual Shoes | 8600 | leather, suede, canvas, mesh | shoe
  Trainers=Trainers; Loafers=Loafers; Sandals=Sandals; Chelsea Boots=Chelsea Boots
Outdoors > Camping > Shelter | 19500 | nylon, canvas, polyester | none
  Tents=Tent; Tarps=Tarp; Hammocks=Hammock; Bivvy Bags=Bivvy Bag
Outdoors > Camping > Camp Kitchen | 3900 | titanium, steel, aluminium | none
  Camp Stoves=Camp Stove; Flasks=Flask; Mess Tins=Mess Tin; Coolers=Cooler
Outdoors > Cycling > Bike Parts | 5600 | aluminium, carbon, steel | none
  Saddles=Saddle; Pedals=Pedals; Handlebars=Handlebar; Bottle Cages=Bottle Cage
Outdoors > Garden > Garden Tools | 2600 | ash, steel, carbon steel | none
  Spades=Spade; Secateurs=Secateurs; Rakes=Rake; Watering Cans=Watering Can
Electronics > Audio > Headphones | 12900 | aluminium, plastic, leather | colour
  Over-Ear=Over-Ear Headphones; In-Ear=Earphones; Sports=Sports Earphones; Studio=Studio Headphones
Electronics > Audio > Speakers | 15900 | walnut, aluminium, plastic | colour
  Bookshelf=Bookshelf Speaker; Portable=Portable Speaker; Soundbars=Soundbar; Subwoofers=Subwoofer
Electronics > Computing > Desk Gear | 5400 | aluminium, plastic, walnut | colour
  Keyboards=Keyboard; Mice=Mouse; Monitor Stands=Monitor Stand; Docks=Docking Station
Electronics > Photography > Camera Gear | 9800 | nylon, carbon, aluminium | none
  Tripods=Tripod; Camera Bags=Camera Bag; Filters=Lens Filter; Straps=Camera Strap
Leisure > Music > Strings | 24000 | spruce, mahogany, maple | none
  Guitars=Guitar; Ukuleles=Ukulele; Violins=Violin; Banjos=Banjo
Leisure > Play > Toys | 2400 | beech, felt, plastic, cotton | none
  Building Blocks=Building Blocks; Puzzles=Puzzle; Soft Toys=Soft Toy; Train Sets=Train Set
Leisure > Stationery > Writing | 1400 | brass, resin, paper, leather | colour
  Notebooks=Notebook; Fountain Pens=Fountain Pen; Pencils=Pencil Set; Planners=Planner
Care > Body > Bath | 1600 | olive oil, shea butter, oat | scent
  Soaps=Soap; Body Lotions=Body Lotion; Bath Salts=Bath Salts; Hand Creams=Hand Cream
Care > Pets > Dogs | 2900 | leather, nylon, cotton | size
  Collars=Dog Collar; Leads=Dog Lead; Dog Beds=Dog Bed; Dog Bowls=Dog Bowl
"""

ADJECTIVES: Final = (
    "Classic",
    "Modern",
    "Rustic",
    "Slim",
    "Everyday",
    "Heritage",
    "Compact",
    "Foldable",
    "Lightweight",
    "Sturdy",
    "Handmade",
    "Woven",
    "Brushed",
    "Matte",
    "Nordic",
    "Coastal",
    "Urban",
    "Alpine",
    "Vintage",
    "Minimal",
    "Reversible",
    "Quilted",
    "Stackable",
    "Recycled",
    "Soft",
    "Bold",
    "Little",
    "Grand",
    "Quiet",
    "Trusty",
)
BRANDS: Final = tuple(
    f"{first}{second}"
    for second in (" & Daughters", " Works", " Supply", " Goods", "", " Atelier", " Brothers")
    for first in (
        "Alder", "Brackenfield", "Calloway", "Dunmore", "Elmsworth", "Fennimore", "Galewood",
        "Hollowell", "Inglenook", "Juniper", "Kestrel", "Larkspur", "Marrow", "Northbeck",
        "Oakhurst", "Pemberly", "Quillon", "Rookwood", "Silverthorn", "Tarnside", "Underhill",
        "Varley", "Wexcombe", "Yarrow",
    )
)  # fmt: skip
COLOURS: Final = (
    "Black",
    "White",
    "Navy",
    "Sage",
    "Rust",
    "Sand",
    "Charcoal",
    "Olive",
    "Plum",
    "Mustard",
    "Teal",
    "Ivory",
)
OPTIONS: Final = {
    "none": (),
    "colour": (("Colour", COLOURS),),
    "size": (("Size", ("Small", "Medium", "Large", "Extra Large")),),
    "apparel": (("Size", ("XS", "S", "M", "L", "XL")), ("Colour", COLOURS)),
    "shoe": (("Size", tuple(str(size) for size in range(36, 47))),),
    "scent": (("Scent", ("Unscented", "Lavender", "Cedar", "Citrus", "Rose")),),
}
COUNTRIES: Final = ("Portugal", "Italy", "Vietnam", "India", "Poland", "Japan", "Turkey", "Canada")
FINISHES: Final = ("natural", "dyed", "polished", "waxed", "coated")
SENTENCES: Final = (
    "Made of {material} and meant to be used every day.",
    "A {adjective} {noun} that looks better with the years.",
    "Our makers have drawn it again and again until nothing was left to take away.",
    "It weighs {weight} grams, and you will forget that it is there.",
    "Comes with a guarantee of {years} years and spare parts for longer than that.",
    "Wipe clean with a damp cloth; keep away from open fire.",
    "The {material} comes from {country}, where it is worked by hand.",
    "Goes well with everything else from {brand}.",
)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of product: where it is found, what it is called, and what it costs."""

    path: tuple[str, ...]
    noun: str
    median_price: int
    materials: tuple[str, ...]
    options: tuple[tuple[str, tuple[str, ...]], ...]


def _kinds() -> tuple[Kind, ...]:
    lines = _GOODS.strip().splitlines()
    kinds: list[Kind] = []
    for group, leaves in zip(lines[::2], lines[1::2], strict=True):
        path, price, materials, options = (part.strip() for part in group.split("|"))
        above = tuple(path.split(" > "))
        for leaf in leaves.split(";"):
            name, noun = leaf.strip().split("=")
            kinds.append(
                Kind(
                    (*above, name),
                    noun,
                    int(price),
                    tuple(materials.split(", ")),
                    OPTIONS[options],
                )
            )
    return tuple(kinds)


KINDS: Final = _kinds()
