// Shows the title of the show.

const embedded = document.getElementById("show-data");
const load = async () => (embedded === null ? (await fetch("show.json")).json() : JSON.parse(embedded.textContent));
load().then((show) => {
  document.getElementById("show-title").textContent = show.title;
});
