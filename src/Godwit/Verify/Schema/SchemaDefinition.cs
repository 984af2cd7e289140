namespace Godwit.Verify.Schema;

/// <summary>An object as its server printed it, before normalization.</summary>
/// <param name="Identity">Its name as SQL, quoted if necessary.</param>
/// <param name="Owner">Class and name of the object it belongs to: <c>table "Odd Names".orders</c>; empty: the
/// database.</param>
/// <param name="Lines">One fact each.</param>
/// <param name="Query">One whole statement; null: none.</param>
/// <param name="Body">May not be SQL; null: none.</param>
internal sealed record PrintedObject(
    string Identity, string Owner, IReadOnlyList<string> Lines, string? Query, string? Body);

internal enum DefinitionKind
{
    /// <summary>Over columns, or only constants.</summary>
    Expression,

    /// <summary>A view's query.</summary>
    Query,

    /// <summary>A rule's condition and actions.</summary>
    Rule,

    /// <summary>A function's parsed statements: <c>BEGIN ATOMIC</c> or <c>RETURN</c>.</summary>
    Body,
}

/// <summary>SQL that a server prints from its parsed form. Two servers may print the same definition
/// differently.</summary>
/// <param name="From">An expression's FROM clause, which its columns need, or empty; a rule's table; a function's
/// arguments.</param>
/// <param name="Head">A rule's event; a function's name.</param>
internal sealed record SchemaDefinition(DefinitionKind Kind, string Text, string From = "", string Head = "");

/// <summary>An object with its definitions cut out.</summary>
/// <param name="Rest">The other text, with a mark for each definition.</param>
internal sealed record CutObject(string Rest, IReadOnlyList<SchemaDefinition> Definitions);
