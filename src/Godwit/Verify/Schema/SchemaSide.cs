using System.Data.Common;
using System.Text;
using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Verify.Schema;

/// <summary>What matters for owners and grants.</summary>
internal sealed record SchemaRole(string Name, bool IsSuperuser);

/// <summary>As far as it could be read.</summary>
internal sealed class SchemaSide
{
    // Between lines of one expression's result: printed definitions may contain line ends.
    private const char BetweenLines = '\x1f';

    private const string Locale = "locale: ";

    private const string OfExtensions = """
        SELECT format('%I.%I', n.nspname, c.relname), quote_ident(x.extname)
        FROM pg_extension x CROSS JOIN LATERAL unnest(x.extconfig) t (oid) JOIN pg_class c ON c.oid = t.oid
             JOIN pg_namespace n ON n.oid = c.relnamespace
        """;

    private readonly SqlText _sql;
    private readonly Side _side;
    private readonly IReadOnlyDictionary<string, string> _moved;

    private SchemaSide(Side side, SqlText sql, IReadOnlyDictionary<string, string> moved) =>
        (_side, _sql, _moved) = (side, sql, moved);

    public int Major => _side.Major;

    public IReadOnlyDictionary<CatalogQuery, IReadOnlyList<SchemaObject>> Objects { get; private init; } =
        new Dictionary<CatalogQuery, IReadOnlyList<SchemaObject>>();

    /// <summary>The server's error for each group that failed, as a clause.</summary>
    public IReadOnlyDictionary<CatalogQuery, string> Refused { get; private init; } =
        new Dictionary<CatalogQuery, string>();

    /// <summary>Unreadable objects of groups that could be read otherwise, and objects of unknown kinds.</summary>
    public IReadOnlyList<UnreadObject> Unread { get; private init; } = [];

    public IReadOnlyDictionary<string, SchemaRole> Roles { get; private init; } = new Dictionary<string, SchemaRole>();

    /// <summary>The session's role is one.</summary>
    public bool IsSuperuser { get; private init; }

    /// <summary>From titles of extensions' configuration tables, whose rows a dump carries, to the extension's
    /// name.</summary>
    public IReadOnlyDictionary<string, string> ExtensionTables { get; private init; } =
        new Dictionary<string, string>();

    public SequenceValues Values { get; private init; } = SequenceValues.None;

    /// <param name="other">The other side's major version.</param>
    /// <param name="schemas">Other names of schemas on the other side.</param>
    /// <param name="moved">Renames for function bodies, the same on both sides: a name in a body may be quoted or not,
    /// so both bodies are rewritten.</param>
    public static async Task<SchemaSide> ReadAsync(
        Side side, int other, IReadOnlyDictionary<string, string> schemas, IReadOnlyDictionary<string, string> moved,
        CancellationToken ct)
    {
        var reader = new SchemaSide(side, new SqlText(schemas), moved);
        var roles = side.AskAsync(session => session.RowsAsync(
            "SELECT quote_ident(rolname), rolsuper, rolname = current_user FROM pg_roles",
            row => (Role: new SchemaRole(row.GetString(0), row.GetBoolean(1)), IsOurs: row.GetBoolean(2)), ct), ct);
        var values = SequenceValues.ReadAsync(side, reader._sql, ct);
        var tables = TryAsync(side, OfExtensions, row => (Table: row.GetString(0), Extension: row.GetString(1)), ct);
        var refused = await Catalogs.RefusedAsync(side, ct);
        var catalogs = new CatalogReader(side, other, refused, reader.Read);
        var reading = Task.WhenAll(CatalogQuery.All.Select(query => catalogs.ReadAsync(query, ct)));
        var unknown = UnknownKinds.ReadAsync(side, ct);
        await Task.WhenAll(roles, values, tables, reading, unknown);
        var read = await reading;
        var unread = await UnreadObject.NamedAsync(side,
            [.. read.SelectMany(one => one.Unread), .. await unknown], refused, ct);
        var known = await roles;
        return new(side, reader._sql, moved)
        {
            Objects = read.Where(one => one.Objects is not null).ToDictionary(one => one.Query, one => one.Objects!),
            Refused = read.Where(one => one.Why is not null).ToDictionary(one => one.Query, one => one.Why!),
            Unread = [.. unread.Select(one => one with { Name = reader.Name(one.Name) })],
            // Objects' texts have no needless quotes: role names must not either.
            Roles = known.Select(one => one.Role with { Name = reader._sql.Normal(one.Role.Name) })
                .ToDictionary(one => one.Name),
            IsSuperuser = known.Any(one => one.IsOurs && one.Role.IsSuperuser),
            ExtensionTables = ((await tables).Rows ?? []).GroupBy(one => one.Table).ToDictionary(
                one => SqlText.Plain.Normal(one.Key), one => reader._sql.Normal(one.First().Extension)),
            Values = await values,
        };
    }

    /// <returns>The rows; or null and the server's error as a clause.</returns>
    public static async Task<(IReadOnlyList<T>? Rows, string? Refused)> TryAsync<T>(
        Side side, string sql, Func<DbDataReader, T> read, CancellationToken ct)
    {
        try
        {
            return (await side.AskAsync(session => session.RowsAsync(sql, read, ct), ct), null);
        }
        catch (FaultException e) when (PostgresSession.StateOf(e) is not null && e.Fault.Kind != FaultKind.Transient)
        {
            return (null, e.Fault.Why);
        }
        catch (DecoderFallbackException)
        {
            return (null, "some of it is text that is not in UTF-8, in a database that has no encoding");
        }
    }

    private SchemaObject? Read(DbDataReader row)
    {
        var at = Enumerable.Range(0, row.FieldCount).ToDictionary(row.GetName);
        T? Value<T>(string column)
            where T : class => at.TryGetValue(column, out var i) && !row.IsDBNull(i) ? row.GetFieldValue<T>(i) : null;
        // The server has no name for a dropped object.
        if (Value<string>("class") is not { } kind || Value<string>("key") is not { } key
            || Value<string>("name") is not { } name)
            return null;
        var printed = (Value<string?[]>("facts") ?? []).OfType<string>()
            .SelectMany(line => line.Split(BetweenLines, StringSplitOptions.RemoveEmptyEntries)).ToList();
        var lines = printed
            .Select(line => kind == "collation" && line.StartsWith(Locale, StringComparison.Ordinal) ? Locale
                + IcuLocale.Normal(line[Locale.Length..]) : _sql.Normal(line)).ToList();
        var statement = Value<string>("query");
        if (statement is not null)
            lines.Add(_sql.Statement(statement, isView: kind is "view" or "materialized view"));
        var body = Value<string>("body") is { } text ? BodyText.Moved(text, _moved) : null;
        if (body is not null)
            lines.Add(body);
        var partOf = Value<string?[]>("part_of") ?? [];
        return new(kind, Name(name), string.Join('\n', lines))
        {
            Key = Name(key),
            PartOf = [.. partOf.OfType<string>().Select(Name)],
            Printed = DefinitionCutter.MayHold(kind, printed, statement)
                ? new(name, partOf.FirstOrDefault() ?? "", printed, statement, body) : null,
            Hidden = Value<string>("hidden") ?? "",
            Position = at.TryGetValue("position", out var position) ? row.GetInt32(position) : 0,
            Usual = Value<string?[]>("usual")?.OfType<string>().ToList(),
            Unknown = Value<string>("unknown") ?? "",
        };
    }

    // Up to PostgreSQL 16 a transform's identity has one more word.
    private string Name(string identity) => _sql.Normal(identity.Contains(" on language ", StringComparison.Ordinal)
        && identity.Contains("for ", StringComparison.Ordinal)
        ? identity.Replace(" on language ", " language ", StringComparison.Ordinal) : identity);
}
