/** The one time of a simulation, ms. Every look at it moves it on: no two things happen at once. */
export class ModelClock {
  private at = Date.UTC(2026, 0, 1);

  now(): number {
    this.at += 1;
    return this.at;
  }

  pass(ms: number): void {
    this.at += ms;
  }
}
