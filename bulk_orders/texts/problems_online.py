"""What the marketplace says of a row before anything is ordered, with `check --online` and `check --estimate`."""

from bulk_orders.texts.problem_words import ProblemWords, text

ONLINE_TEXTS: tuple[ProblemWords, ...] = (
    text(
        "O-CUSTOMER",
        "A customer who cannot order",
        "The marketplace takes no order for customer {value}: {why}.",
        "{todo}",
        "`check --online` looks up every customer. Only one that the marketplace knows, and that is active, can order.",
        "1000105546",
        "1000105564",
    ),
    text(
        "O-PRODUCT",
        "A product that is not sold",
        "The marketplace sells you no product with the MPN {value}.",
        "{todo}",
        "`check --online` looks up every MPN in the marketplace's catalogue, which knows capital from small letters.",
        "Microsoft 365 Business Premium",
        "CFQ7TTC0LCHC:0002",
    ),
    text(
        "O-OFFERED",
        "A product that is not sold like this",
        'The marketplace does not sell {product} with {column} "{value}".',
        "{todo}",
        "The marketplace's catalogue has an entry for each commitment and billing that a product is sold with.",
        "3 years",
        "1 year",
    ),
    text(
        "O-QUANTITY",
        "A quantity that the marketplace does not sell",
        "{value} is {why}.",
        "{todo}",
        "The marketplace's catalogue has the smallest and largest quantity of a product, for each commitment.",
        "400",
        "300",
    ),
    text(
        "O-REFUSED",
        "The marketplace would refuse it",
        "The marketplace would refuse this: {why}",
        "Correct it and check again.",
        "Before anything is ordered the marketplace is asked to validate and price each order; its own words follow the colon.",
    ),
    text(
        "O-PRICE",
        "More than the row may cost",
        "The first bill is {price}, more than the {value} that the row may cost.",
        "Lower the quantity, raise {column}, or set Submit? to Skip.",
        "`check --estimate` asks what each order costs and compares it with the row's own limit.",
        "Maximum price: 100",
        "Maximum price: 151.20",
    ),
    text(
        "W-OTHER-NAME",
        "Perhaps the wrong customer",
        'Customer {customer} is called "{known}" on the marketplace, not "{value}".',
        "Check the Customer ID; go on if both names are the same company's.",
        "An order for the wrong customer is billed to a stranger. The names only have to resemble each other.",
    ),
    text(
        "W-DEPENDS",
        "A product that brings another one",
        "{product} needs {others}, which the marketplace adds to the order if it is not there.",
        "Go on if that is wanted; `check --estimate` shows the price.",
        "The catalogue names what a product depends on. What is missing is ordered along with it, unasked.",
    ),
    text(
        "W-NOT-ASKED",
        "The marketplace could not say",
        "The marketplace cannot say now whether it would take this order: {why}",
        "Check again later, or go on: the order itself will tell.",
        "The marketplace answers so while it, or the product's vendor, cannot be reached. It is not a refusal.",
    ),
)
