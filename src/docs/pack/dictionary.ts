/** Values that repeat, each once; a column of the page then holds their numbers. */
export class Dictionary<T> {
  readonly values: T[] = [];
  private readonly places = new Map<string, number>();

  /** `first` get the numbers from 0 on, whether or not they are used. */
  constructor(first: readonly T[] = []) {
    for (const value of first) this.place(value);
  }

  place(value: T): number {
    const key = typeof value === 'string' ? value : JSON.stringify(value);
    let place = this.places.get(key);
    if (place === undefined) {
      place = this.values.push(value) - 1;
      this.places.set(key, place);
    }
    return place;
  }
}
