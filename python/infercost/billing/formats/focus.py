"""Which version of FOCUS a header is of: each version adds columns, and a user may leave some out."""

from collections.abc import Set as AbstractSet

# Any three of these mark the cost and usage data of FOCUS.
_CORE = {
    *("billedcost", "effectivecost", "chargecategory", "chargeperiodstart", "billingperiodstart", "servicename"),
    *("listcost", "contractedcost", "billingcurrency", "chargefrequency"),
}
_ADDED = {
    "1.3": {
        *("serviceprovidername", "hostprovidername", "contractapplied", "allocatedmethodid", "allocatedmethoddetails"),
        *("allocatedresourceid", "allocatedresourcename", "allocatedtags"),
    },
    "1.2": {
        *("billingaccounttype", "subaccounttype", "invoiceid", "pricingcurrency", "pricingcurrencylistunitprice"),
        *("pricingcurrencycontractedunitprice", "pricingcurrencyeffectivecost"),
    },
    "1.1": {
        *("capacityreservationid", "capacityreservationstatus", "commitmentdiscountquantity", "commitmentdiscountunit"),
        *("servicesubcategory", "skumeter", "skupricedetails"),
    },
}


def version(names: AbstractSet[str]) -> str | None:
    """Returns the oldest version that has all the columns of a header (in lower case), or None if it is not FOCUS.

    Example:
        >>> version({"billedcost", "effectivecost", "chargecategory", "invoiceid"})
        '1.2'
    """
    if len(names & _CORE) < 3:
        return None
    return next((number for number, added in _ADDED.items() if names & added), "1.0")
