/** Where an arrow leads from a card: right and left along edges, up and down within a layer. */
export interface Place {
  /** What moves are made between: a vertex, or a folder's number. */
  key: number;
  x: number;
  y: number;
}

export function arrowTarget(
  key: string,
  from: number,
  places: readonly Place[],
  beside: { left: Iterable<number>; right: Iterable<number> },
): number | undefined {
  const own = places.find((place) => place.key === from);
  if (own === undefined) return undefined;
  switch (key) {
    case 'ArrowRight':
      return nearestOf(places, own, new Set(beside.right));
    case 'ArrowLeft':
      return nearestOf(places, own, new Set(beside.left));
    case 'ArrowDown':
    case 'ArrowUp': {
      const layer = places.filter(({ x }) => x === own.x).sort((a, b) => a.y - b.y);
      return layer[layer.indexOf(own) + (key === 'ArrowDown' ? 1 : -1)]?.key;
    }
    default:
      return undefined;
  }
}

/** Of several ways the one that bends least. */
function nearestOf(places: readonly Place[], own: Place, keys: ReadonlySet<number>): number | undefined {
  let best: Place | undefined;
  const cost = (place: Place) => Math.abs(place.x - own.x) / 4 + Math.abs(place.y - own.y);
  for (const place of places) {
    if (keys.has(place.key) && (best === undefined || cost(place) < cost(best))) best = place;
  }
  return best?.key;
}
