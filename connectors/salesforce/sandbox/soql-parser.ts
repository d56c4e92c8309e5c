/** A reader of the SOQL that syncing needs: one object, comparisons, IN lists, AND and OR in brackets, order, limit. */
import { Problem } from './problem.js';

export interface Literal {
  readonly kind: 'text' | 'instant' | 'number' | 'word';
  readonly text: string;
}

export type Condition =
  | { readonly op: 'and' | 'or'; readonly parts: readonly Condition[] }
  | {
      readonly op: '=' | '!=' | '<' | '<=' | '>' | '>=' | 'in';
      readonly field: string;
      readonly values: readonly Literal[];
    };

export interface Query {
  /** `count()` stands alone. */
  readonly select: readonly string[];
  readonly from: string;
  readonly where: Condition | undefined;
  readonly orderBy: readonly string[];
  readonly limit: number | undefined;
}

interface Token {
  readonly kind: Literal['kind'] | 'sign' | 'end';
  readonly text: string;
}

const TOKEN =
  /\s*(?:(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)|(-?\d+(?:\.\d+)?)|'((?:[^'\\]|\\.)*)'|([A-Za-z_][\w.]*(?:\(\))?)|(<=|>=|!=|[=<>(),]))/y;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', f: '\f', b: '\b' };

export function parseSoql(soql: string): Query {
  return new Parser(tokens(soql.trim())).query();
}

function tokens(soql: string): readonly Token[] {
  const found: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < soql.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(soql);
    if (match === null) throw malformed(soql.slice(at, at + 20));
    const [, time, number, text, word, sign] = match;
    if (time !== undefined) found.push({ kind: 'instant', text: time });
    else if (number !== undefined) found.push({ kind: 'number', text: number });
    else if (text !== undefined)
      found.push({ kind: 'text', text: text.replace(/\\(.)/gs, (_all, one: string) => ESCAPES[one] ?? one) });
    else if (word !== undefined) found.push({ kind: 'word', text: word });
    else if (sign !== undefined) found.push({ kind: 'sign', text: sign });
  }
  return found;
}

function malformed(at: string): Problem {
  return new Problem(400, 'MALFORMED_QUERY', `unexpected token: '${at}'`);
}

class Parser {
  private at = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  query(): Query {
    this.need('SELECT');
    const select = this.list(() => this.word());
    this.need('FROM');
    const from = this.word();
    const where = this.take('WHERE') ? this.condition() : undefined;
    const orderBy = this.take('ORDER') ? (this.need('BY'), this.list(() => this.word())) : [];
    const limit = this.take('LIMIT') ? Number(this.next().text) : undefined;
    if (this.peek().kind !== 'end') throw malformed(this.peek().text);
    return { select, from, where, orderBy, limit };
  }

  /** AND and OR never mix without brackets. */
  private condition(): Condition {
    const parts = [this.simple()];
    const joint = ['AND', 'OR'].find((word) => this.is(word));
    if (joint === undefined) return parts[0] as Condition;
    while (this.take(joint)) parts.push(this.simple());
    if (this.is('AND') || this.is('OR')) throw malformed(this.peek().text);
    return { op: joint === 'AND' ? 'and' : 'or', parts };
  }

  private simple(): Condition {
    if (this.take('(')) {
      const inner = this.condition();
      this.need(')');
      return inner;
    }
    const field = this.word();
    if (this.take('IN')) {
      this.need('(');
      const values = this.list(() => this.literal());
      this.need(')');
      return { op: 'in', field, values };
    }
    const op = (['=', '!=', '<=', '>=', '<', '>'] as const).find((sign) => this.take(sign));
    if (op === undefined) throw malformed(this.peek().text);
    return { op, field, values: [this.literal()] };
  }

  private literal(): Literal {
    const { kind, text } = this.next();
    if (kind === 'sign' || kind === 'end') throw malformed(text);
    return { kind, text };
  }

  private list<T>(one: () => T): T[] {
    const all = [one()];
    while (this.take(',')) all.push(one());
    return all;
  }

  private word(): string {
    const token = this.next();
    if (token.kind !== 'word') throw malformed(token.text);
    return token.text;
  }

  private peek(): Token {
    return this.tokens[this.at] ?? { kind: 'end', text: '<EOF>' };
  }

  private next(): Token {
    const token = this.peek();
    this.at += 1;
    return token;
  }

  private is(text: string): boolean {
    const token = this.peek();
    return (token.kind === 'word' || token.kind === 'sign') && token.text.toUpperCase() === text;
  }

  private take(text: string): boolean {
    const hit = this.is(text);
    if (hit) this.at += 1;
    return hit;
  }

  private need(text: string): void {
    if (!this.take(text)) throw malformed(this.peek().text);
  }
}
