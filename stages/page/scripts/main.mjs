// The page: what is drawn is prepared, read by the network, and shown.

const carried = JSON.parse(document.getElementById("carried").textContent);
document.getElementById("facts").textContent = carried.facts.licence;
