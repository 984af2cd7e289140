using Godwit.Postgres;
using Godwit.Providers;
using Godwit.Storage;
using Godwit.Tests.Tidy;

namespace Godwit.Tests.Providers;

/// <summary>docs/providers says what the room of providers knows.</summary>
public sealed class ProviderPagesTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "docs", "providers");

    public static TheoryData<string> Names => [.. KnownProviders.All.Select(one => one.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_provider_has_a_page_that_names_all_it_leaves_behind(string name)
    {
        var provider = KnownProviders.All.Single(one => one.Name == name);
        var page = File.ReadAllText(Path.Combine(Folder, name + ".md"));
        string[] words = [.. provider.Roles, .. provider.Extensions,
            .. provider.Store is { } store ? [store.Title] : Array.Empty<string>()];

        Assert.All(words, word => Assert.Contains(word, page, StringComparison.Ordinal));
        string[] parts =
        [
            "SOURCE_URL=", "**URL.**", "**Network.**", "**Role.**", "**Backup first.**", "**Left behind.**",
            "**Store.**", "**Move.**", "**Afterwards.**", "(README.md",
        ];
        Assert.All(parts, part => Assert.Contains(part, page, StringComparison.Ordinal));
        // The words of each command, up to what it is given.
        var address = new PostgresAddress { Host = "db.example.org", Database = "shop", User = "shop" };
        var remedies = provider.Remedies;
        ProviderTask?[] tasks =
        [
            remedies.CloseNetwork?.Invoke(address), remedies.FinalSnapshot?.Invoke(address),
            remedies.DeleteDatabase(address),
        ];
        var commands = tasks.OfType<ProviderTask>().SelectMany(task => task.Commands)
            .Select(line => line.Split(' ').TakeWhile(word => word[0] != '-' && !char.IsUpper(word[0])));
        Assert.All(commands, command => Assert.Contains(string.Join(' ', command), page, StringComparison.Ordinal));
        Assert.Contains($"({name}.md)", File.ReadAllText(Path.Combine(Folder, "README.md")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_providers_own_store_that_speaks_S3_is_the_one_its_address_leads_to()
    {
        var own = KnownProviders.All
            .Where(provider => S3Services.Named.Any(service => service.Scheme == provider.Store?.Scheme)).ToList();

        Assert.Equal(S3Services.Named.Count, own.Count);
        Assert.All(own, provider =>
        {
            var service = S3Services.Named.Single(one => one.Scheme == provider.Store!.Scheme);
            var domain = new Uri(service.EndpointPattern ?? (service.HasAmbientKeys
                ? "https://s3.REGION.amazonaws.com" : service.EndpointExample)).Host.Split('.')[^2];
            Assert.Contains($".{domain}.", provider.Store!.Pattern, StringComparison.Ordinal);
            Assert.Contains($"--via {service.Scheme}://", File.ReadAllText(Path.Combine(Folder, provider.Name + ".md")),
                StringComparison.Ordinal);
        });
    }

    [Fact]
    public void No_page_is_of_a_provider_that_Godwit_does_not_know() => Assert.Equal(
        KnownProviders.All.Select(one => one.Name).Append("README").Order(StringComparer.Ordinal),
        Directory.EnumerateFiles(Folder).Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal));
}
