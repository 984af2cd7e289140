using Godwit.Faults;

namespace Godwit.Assess.Checks.Rights;

/// <summary>Objects that only a superuser may create. The target's owner is none: the restore would refuse them and
/// what depends on them.</summary>
/// <remarks>Tried as an ordinary role on 13, 15, 17 and 18, and again by the tests. Also refused: options of functions
/// (LEAKPROOF, SUPPORT, a superuser's setting). Not refused: conversions, operators, collations, dictionaries, ranges,
/// and casts between own types.</remarks>
internal sealed class SuperuserCheck : ICheck
{
    private const string IsSuperuser = "SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user";

    // Superuser settings granted to the target's owner (PostgreSQL 15 and newer).
    private const string Settable = """
        SELECT s.name FROM pg_catalog.pg_settings s
        WHERE s.context IN ('superuser', 'superuser-backend') AND pg_catalog.has_parameter_privilege(s.name, 'SET')
        """;

    private const int ParameterPrivilegesMajor = 15;

    public string Name => "objects only a superuser can create";

    public IReadOnlyList<string> Acceptable => SuperuserFindings.Acceptable;

    public async Task RunAsync(AssessWorld world, IAssessNotes notes, CancellationToken ct)
    {
        if (world.Target is not null && await world.Target.ScalarAsync<bool>(IsSuperuser, ct))
            return;
        var objects = await world.Source.RowsAsync(SuperuserObjects.Query,
            row => new SuperuserObject(row.GetString(0), row.GetString(1), row.GetString(2)), ct);
        var settings = await world.Source.RowsAsync(SuperuserObjects.Settings,
            row => (Setting: row.GetString(0),
                Found: new SuperuserObject("setting", row.GetString(1), row.GetString(2))), ct);
        var granted = world.Target is { ServerMajor: >= ParameterPrivilegesMajor }
            ? await world.Target.RowsAsync(Settable, row => row.GetString(0), ct) : [];
        foreach (var kind in objects.Concat(settings.Where(one => !granted.Contains(one.Setting))
            .Select(one => one.Found)).GroupBy(one => one.Kind, StringComparer.Ordinal))
            notes.Add(FindingOf(kind.Key, [.. kind]));
    }

    private static Finding FindingOf(string kind, IReadOnlyList<SuperuserObject> found)
    {
        var named = Phrase.List([.. found.Select(one => one.Name)]);
        var statements = string.Join('\n', found.Select(one => one.Statement).Where(statement => statement.Length > 0)
            .Distinct(StringComparer.Ordinal));
        return kind switch
        {
            "function" =>
                SuperuserFindings.UntrustedFunctions(Phrase.Count(found.Count, "function"), named, statements),
            "option" => SuperuserFindings.FunctionOptions(Phrase.Count(found.Count, "function"), named, statements),
            "setting" => SuperuserFindings.FunctionSettings(Phrase.Count(found.Count, "setting"), named, statements),
            "aggregate" => SuperuserFindings.Aggregates(Phrase.Count(found.Count, "aggregate"), named, statements),
            "language" => SuperuserFindings.Languages(Phrase.Count(found.Count, "language"), named, statements),
            "type" => SuperuserFindings.BaseTypes(Phrase.Count(found.Count, "type"), named),
            "operator class" => SuperuserFindings.OperatorClasses(
                Phrase.Count(found.Count, "operator class", "operator classes and families"), named, statements),
            "cast" => SuperuserFindings.Casts(Phrase.Count(found.Count, "cast"), named, statements),
            "text search" => SuperuserFindings.TextSearch(named, statements),
            "access method" =>
                SuperuserFindings.AccessMethods(Phrase.Count(found.Count, "access method"), named, statements),
            _ => SuperuserFindings.Wrappers(Phrase.Count(found.Count, "foreign data wrapper"), named, statements),
        };
    }

    /// <param name="Statement">Removes the obstacle; empty if one statement is not enough.</param>
    private sealed record SuperuserObject(string Kind, string Name, string Statement);
}
