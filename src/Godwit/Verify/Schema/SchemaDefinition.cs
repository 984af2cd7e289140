namespace Godwit.Verify.Schema;

/// <summary>What a server printed of an object, before it was brought into one form.</summary>
/// <param name="Identity">Its name as SQL, quoted where it must be.</param>
/// <param name="Owner">Class and name of what it belongs to: <c>table "Odd Names".orders</c>; empty: the
/// database.</param>
/// <param name="Lines">Its facts, a line each.</param>
/// <param name="Query">One whole statement; null: it has none.</param>
/// <param name="Body">Text that is not SQL for sure; null: it has none.</param>
internal sealed record PrintedObject(
    string Identity, string Owner, IReadOnlyList<string> Lines, string? Query, string? Body);

internal enum DefinitionKind
{
    /// <summary>Of columns, or of nothing but constants.</summary>
    Expression,

    /// <summary>Of a view.</summary>
    Query,

    /// <summary>The condition and the actions of a rule.</summary>
    Rule,

    /// <summary>The statements of a function that the server has parsed: <c>BEGIN ATOMIC</c> or
    /// <c>RETURN</c>.</summary>
    Body,
}

/// <summary>A piece of SQL that a server has parsed and prints from what it made of it. Two servers may print the same
/// piece differently.</summary>
/// <param name="From">Of an expression: what stands behind FROM, so that its columns are known; empty: it has none. Of
/// a rule: its table. Of a body: the arguments of its function.</param>
/// <param name="Head">Of a rule: its event. Of a body: the name of its function.</param>
internal sealed record SchemaDefinition(DefinitionKind Kind, string Text, string From = "", string Head = "");

/// <summary>An object whose definitions are cut out.</summary>
/// <param name="Rest">Everything else that is said of it, with a mark where each definition was.</param>
internal sealed record CutObject(string Rest, IReadOnlyList<SchemaDefinition> Definitions);
