import type { CallOutcome } from '@twiceproof/core';
import { outcomeVerbs, wrongOutcomes } from '../../src/spans/outcome-verbs.ts';
import type { Attribute, AttributeRef, Member, Registry } from './read-registry.ts';

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n');
}

const code = (text: string): string => `\`${text}\``;

function used(attributes: readonly AttributeRef[]): string {
  return attributes
    .map(({ ref, requirement_level: level }) => {
      if (level === 'required') return code(ref);
      const when = level === 'opt_in' ? 'if asked for' : level.conditionally_required;
      return `${code(ref)} (${when})`;
    })
    .join(', ');
}

function typeOf({ type }: Attribute): string {
  return typeof type === 'string' ? type : 'string, one of few';
}

function isCallOutcome(value: string): value is CallOutcome {
  return value in outcomeVerbs;
}

function outcomeRow({ value, brief }: Member & { readonly value: CallOutcome }): string[] {
  return [code(value), brief, code(outcomeVerbs[value]), wrongOutcomes.has(value) ? 'Error' : ''];
}

/** The tables of the README, by the name that stands in their markers. */
function tablesOf({ attributes, spans, metrics }: Registry): Record<string, string> {
  const { type } = attributes.find(({ id }) => id === 'idempotency.outcome')!;
  const outcomes = (type as { readonly members: readonly Member[] }).members.filter(
    (member): member is Member & { readonly value: CallOutcome } => isCallOutcome(member.value),
  );
  return {
    spans: table(
      ['span', 'what it is', 'attributes'],
      spans.map((span) => [code(span.name), span.brief, used(span.attributes)]),
    ),
    outcomes: table(
      ['outcome', 'what happened', 'span', 'status'],
      outcomes.map((member) => outcomeRow(member)),
    ),
    metrics: table(
      ['name', 'type', 'unit', 'what it measures', 'attributes'],
      metrics.map(({ name, instrument, unit, brief, attributes: own }) => [
        code(name),
        instrument === 'updowncounter' ? 'up-down counter' : instrument,
        code(unit),
        brief,
        used(own),
      ]),
    ),
    attributes: table(
      ['attribute', 'type', 'meaning', 'stability'],
      attributes.map((attribute) => [
        code(attribute.id),
        typeOf(attribute),
        attribute.brief,
        attribute.stability.replace('_', ' '),
      ]),
    ),
  };
}

/** A page with its tables brought up to date, between their markers. */
export function withTables(page: string, registry: Registry): string {
  let text = page;
  for (const [name, content] of Object.entries(tablesOf(registry))) {
    const [begin, end] = [`<!-- generated: ${name} -->`, `<!-- end: ${name} -->`];
    const [before, rest] = text.split(begin);
    const after = rest?.split(end)[1];
    if (after === undefined) throw new Error(`the page has no place for the table of ${name}`);
    text = `${before}${begin}\n${content}\n${end}${after}`;
  }
  return text;
}
