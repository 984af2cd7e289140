using Godwit.Postgres;

namespace Godwit.Assess.Checks;

/// <summary>Whether the role may read what it is to dump.</summary>
internal sealed class ReadableCheck : ICheck
{
    private const int NamedMax = 5;

    /// <summary>The statement must be whole to be pasted; where it would fill the screen, a role does as well (PostgreSQL 14 and newer).</summary>
    private const int GrantedMax = 20;

    public string Name => "rights on tables";

    public async Task RunAsync(AssessWorld world, IAssessNotes notes, CancellationToken ct)
    {
        var hidden = (await world.TablesAsync(ct)).Where(table => !table.Readable).Select(table => table.Name).ToList();
        if (hidden.Count == 0)
            return;
        var user = world.Source.Address.User;
        var named = string.Join(", ", hidden.Take(NamedMax)) + (hidden.Count > NamedMax ? $" and {ServerCatalog.Number(hidden.Count - NamedMax)} more" : "");
        var grant = hidden.Count <= GrantedMax ? $"GRANT SELECT ON {string.Join(", ", hidden)} TO" : "GRANT pg_read_all_data TO";
        notes.Find(RightsFindings.Unreadable(user, named, $"{grant} {ServerCatalog.Quote(user)};"));
    }
}
