import type { Rule, Scope } from 'eslint';
import type * as ESTree from 'estree';
import { bare, type Node } from './node.ts';

/** Where a name of the file comes from. */
interface Imported {
  readonly source: string;
  /** `default`, `*`, or the name that it is exported by. */
  readonly name: string;
}

/** What the names of a file stand for. */
export interface Bindings {
  /** What a name is imported as, also with `require`. */
  imported(identifier: ESTree.Node | undefined): Imported | undefined;
  /** The function or the value that a name is declared with, if it is declared with one only. */
  declared(identifier: ESTree.Node | undefined): Node | undefined;
}

export function bindingsOf({ sourceCode }: Rule.RuleContext): Bindings {
  const definitionOf = (identifier: ESTree.Node | undefined): Scope.Definition | undefined => {
    const inner = bare(identifier);
    if (inner?.type !== 'Identifier') return undefined;
    let scope: Scope.Scope | null = sourceCode.getScope(inner);
    for (; scope; scope = scope.upper) {
      const variable = scope.set.get(inner.name);
      if (variable) return variable.defs.length === 1 ? variable.defs[0] : undefined;
    }
    return undefined;
  };
  return {
    imported(identifier) {
      const definition = definitionOf(identifier);
      if (definition?.type === 'ImportBinding') {
        return importedBy(definition.node, definition.parent as ESTree.ImportDeclaration);
      }
      return definition?.type === 'Variable' ? requiredBy(definition) : undefined;
    },
    declared(identifier) {
      const definition = definitionOf(identifier);
      if (definition?.type === 'FunctionName') return definition.node as Node;
      if (definition?.type !== 'Variable') return undefined;
      const { id, init } = definition.node as ESTree.VariableDeclarator;
      const isConstant = (definition.parent as ESTree.VariableDeclaration)?.kind === 'const';
      return isConstant && id.type === 'Identifier' ? bare(init) : undefined;
    },
  };
}

function importedBy(
  specifier: ESTree.Node,
  { source }: ESTree.ImportDeclaration,
): Imported | undefined {
  const names = {
    ImportDefaultSpecifier: () => 'default',
    ImportNamespaceSpecifier: () => '*',
    ImportSpecifier: () => nameOf((specifier as ESTree.ImportSpecifier).imported),
  };
  const name = names[specifier.type as keyof typeof names]?.();
  return name === undefined ? undefined : { source: String(source.value), name };
}

function requiredBy({ node, name }: Scope.Definition): Imported | undefined {
  const { id, init } = node as ESTree.VariableDeclarator;
  const call = bare(init);
  if (call?.type !== 'CallExpression' || (call.callee as ESTree.Identifier).name !== 'require') {
    return undefined;
  }
  const source = String((call.arguments[0] as ESTree.Literal | undefined)?.value);
  if (id.type === 'Identifier') return { source, name: '*' };
  if (id.type !== 'ObjectPattern') return undefined;
  const found = id.properties.find(
    (each) => each.type === 'Property' && (each.value as ESTree.Identifier).name === name.name,
  );
  return found?.type === 'Property' ? { source, name: nameOf(found.key) } : undefined;
}

function nameOf(node: ESTree.Node): string {
  return node.type === 'Identifier' ? node.name : String((node as ESTree.Literal).value);
}
