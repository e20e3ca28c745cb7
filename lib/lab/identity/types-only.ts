import ts from "typescript";

const { SyntaxKind } = ts;
/** Words before a declaration that are for the compiler alone. */
const words = new Set<ts.SyntaxKind>([
  SyntaxKind.ReadonlyKeyword,
  SyntaxKind.PublicKeyword,
  SyntaxKind.PrivateKeyword,
  SyntaxKind.ProtectedKeyword,
  SyntaxKind.AbstractKeyword,
  SyntaxKind.OverrideKeyword,
  // After a name; of a condition it is always there, and tells nothing.
  SyntaxKind.QuestionToken,
  SyntaxKind.ExclamationToken,
]);

/** @returns whether a node of a syntax tree of TypeScript leaves nothing behind in what the compiler emits */
export function typesOnly(node: ts.Node): boolean {
  if (words.has(node.kind)) return true;
  if (ts.isExpressionWithTypeArguments(node)) return false; // a class that another extends, though it counts as a type
  if (ts.isTypeNode(node) || ts.isTypeParameterDeclaration(node)) return true;
  if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return true;
  if (ts.isIndexSignatureDeclaration(node)) return true;
  if (ts.isHeritageClause(node)) return node.token === SyntaxKind.ImplementsKeyword;
  if (ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node)) return node.body === undefined;
  if (ts.isParameter(node)) return node.name.getText() === "this";
  if (ts.isImportDeclaration(node)) return importsTypes(node.importClause);
  if (ts.isImportSpecifier(node) || ts.isExportSpecifier(node)) return node.isTypeOnly;
  if (ts.isExportDeclaration(node)) return exportsTypes(node);
  return declared(node);
}

function importsTypes(clause: ts.ImportClause | undefined): boolean {
  if (!clause) return false; // for what it does when it is loaded
  if (clause.isTypeOnly) return true;
  const { name, namedBindings } = clause;
  return !name && !!namedBindings && ts.isNamedImports(namedBindings) && namedBindings.elements.every(isTypeOnly);
}

function exportsTypes({ isTypeOnly: all, exportClause }: ts.ExportDeclaration): boolean {
  return all || (!!exportClause && ts.isNamedExports(exportClause) && exportClause.elements.every(isTypeOnly));
}

const isTypeOnly = (specifier: { readonly isTypeOnly: boolean }) => specifier.isTypeOnly;

const declared = (node: ts.Node): boolean =>
  ts.canHaveModifiers(node) && !!ts.getModifiers(node)?.some(({ kind }) => kind === SyntaxKind.DeclareKeyword);
