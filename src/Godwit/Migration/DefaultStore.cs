using System.Security.Cryptography;
using System.Text;
using Godwit.Faults;
using Godwit.Postgres;
using Godwit.Providers;
using Godwit.Storage;

namespace Godwit.Migration;

/// <summary>The store of a run without <c>--via</c>: the one of the source's provider, if credentials for it are found.
/// No other store is ever chosen.</summary>
/// <param name="Address">The same user, keys and source always get the same address.</param>
/// <param name="Region">From the source's host name; null: the name does not show it.</param>
/// <param name="Why">A clause that explains the choice to the user.</param>
public sealed record DefaultStore(StoreAddress Address, string? Region, string Why)
{
    // Hexadecimal digits in the bucket's name. Only the sources of one user must not collide, so 12 suffice.
    private const int NameDigits = 12;

    /// <param name="environment">Searched for credentials. The user is not prompted.</param>
    /// <exception cref="FaultException"><c>run.no_store</c>: lists each kind of store and whether it could be
    /// used.</exception>
    public static DefaultStore Choose(PostgresAddress source, Func<string, string?> environment)
    {
        var kinds = StoreKinds.Look(environment);
        return Find(source, kinds, out var why)
            ?? throw new FaultException(MigrationFaults.NoStore(why, Choices(kinds)));
    }

    /// <summary>Null: no store can be chosen.</summary>
    public static DefaultStore? TryChoose(PostgresAddress source, Func<string, string?> environment) =>
        Find(source, StoreKinds.Look(environment), out _);

    private static DefaultStore? Find(PostgresAddress source, IReadOnlyList<StoreKind> kinds, out string why)
    {
        var provider = ProviderRecognition.OfAddress(source);
        if (provider is null)
        {
            why = "the source's address does not tell who runs it, so there is no store of its provider to take";
            return null;
        }

        var kind = kinds.FirstOrDefault(one => one.Scheme == provider.Store?.Scheme);
        if (kind is null)
        {
            why = $"the source's provider, {provider.Title}, has no store of its own";
            return null;
        }

        if (kind.Found is not { Owner: { } owner } found)
        {
            why = $"the store of the source's provider would be {kind.Title}, and "
                + (kind.Found is null
                    ? $"no credentials for it were found ({kind.LookedFor})"
                    : $"{kind.Found.Where} does not tell whose account to use, or is another one after the next login");
            return null;
        }

        why = $"--via names none, {kind.Title} is the store of the source's provider, "
            + $"and {found.Where} has credentials for it";
        return new(StoreAddress.Parse(kind.AddressOf(NameFor(source, owner))), provider.RegionOf(source), why);
    }

    private static string NameFor(PostgresAddress source, string owner)
    {
        var whose = $"{source.Host.TrimEnd('.').ToUpperInvariant()}\n{source.Database}\n{owner}";
        return "godwit-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(whose)))[..NameDigits];
    }

    private static string Choices(IReadOnlyList<StoreKind> kinds)
    {
        var width = kinds.Max(kind => kind.Example.Length);
        return string.Join('\n',
            kinds.Select(kind => $"--via {kind.Example.PadRight(width)}  {kind.Title}: {State(kind)}"));
    }

    private static string State(StoreKind kind) => kind switch
    {
        { NeedsCredentials: false } => "needs no credentials; Heroku must reach this machine (--disk-public-url)",
        { Found: { } found } => $"credentials are in {found.Where}",
        _ => $"no credentials in {kind.LookedFor}",
    };
}
