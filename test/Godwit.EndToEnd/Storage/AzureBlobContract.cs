using System.Text;
using Godwit.EndToEnd.Servers;
using Godwit.Faults;
using Godwit.Storage;
using Godwit.Tests.Storage;

namespace Godwit.EndToEnd.Storage;

/// <summary>The contract over Azurite; each kind of credentials is a class.</summary>
public abstract class AzureBlobContract(AzuriteServer azurite) : ObjectStoreContract
{
    protected abstract string Prefix { get; }

    protected AzuriteServer Azurite => azurite;

    /// <summary>Which of its faces is used.</summary>
    protected virtual AzuriteServer Server => azurite;

    protected string Container { get; private set; } = "";

    protected abstract AzureBlobOptions Options { get; }

    protected override async Task<IObjectStore> OpenStoreAsync()
    {
        Container = await Server.MakeContainerAsync(Ct);
        return Open(Options);
    }

    protected IObjectStore Open(AzureBlobOptions options) => ObjectStores.Open(
        new StoreAddress.AzureBlob(AzuriteServer.Account, Container, Prefix), new StoreOptions { AzureBlob = options },
        new NoLinkHost(), TimeProvider.System);

    // The server's folder goes with the server; a container needs no removal of its own.
    protected override Task RemoveStoreAsync() => Task.CompletedTask;

    protected override Task LeaveUploadBehindAsync(string key) => Server.LeaveBlockAsync(
        Container, Prefix.Length == 0 ? key : $"{Prefix}/{key}",
        Convert.ToBase64String(Encoding.ASCII.GetBytes($"godwit{Random.Shared.Next():x12}-00001")), Ct);
}

public sealed class AzureBlobSharedKeyTests(AzuriteServer azurite) : AzureBlobContract(azurite)
{
    protected override string Prefix => "some folder/dumps";

    protected override AzureBlobOptions Options => Azurite.Options;
}

/// <summary>With a SAS of the container, as somebody gets it who is not to have the account's key. Links are made by
/// whoever has that.</summary>
public sealed class AzureBlobSasTests(AzuriteServer azurite) : AzureBlobContract(azurite)
{
    protected override string Prefix => "";

    protected override AzureBlobOptions Options =>
        Azurite.Options with { Key = null, SasToken = AzuriteServer.ServiceSas(Container, "racwdl") };

    protected override async Task<SignedLink> LinkAsync(string key, TimeSpan lifetime)
    {
        await using var owner = Open(Azurite.Options);
        return await owner.SignAsync(key, lifetime, Ct);
    }

    [Fact]
    public async Task A_SAS_of_more_than_one_object_is_never_handed_out()
    {
        await PutAsync("k", "x");
        foreach (var (token, why) in new[]
        {
            (AzuriteServer.ServiceSas(Container, "racwdl"), "a whole container"),
            (AzuriteServer.ServiceSas(Container, "r"), "a whole container"),
            (AzuriteServer.ServiceSas(Container, "rw", blob: "k"), "more than to read"),
            (AzuriteServer.AccountSasFor("r"), "a whole account"),
        })
        {
            await using var store = Open(Azurite.Options with { Key = null, SasToken = token });

            var fault = (await Assert.ThrowsAsync<FaultException>(() =>
                store.SignAsync("k", TimeSpan.FromMinutes(5), Ct))).Fault;

            Assert.Equal("storage.azure_link_needs_key", fault.Code);
            Assert.Contains(why, fault.Why, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_SAS_to_read_one_object_is_its_link_and_no_others()
    {
        await PutAsync("k", "x");
        await PutAsync("other", "y");
        var end = TimeProvider.System.GetUtcNow().AddMinutes(20);
        await using var store = Open(Azurite.Options with
        {
            Key = null,
            SasToken = AzuriteServer.ServiceSas(Container, "r", blob: "k", expiry: end),
        });

        var link = await store.SignAsync("k", TimeSpan.FromMinutes(5), Ct);

        Assert.Equal("x", await Http.GetStringAsync(new Uri(link.Url.Reveal()), Ct));
        Assert.Equal(end.ToUnixTimeSeconds(), link.ExpiresAt.ToUnixTimeSeconds());
        Assert.Equal(System.Net.HttpStatusCode.Forbidden,
            await StatusAsync((await store.SignAsync("other", TimeSpan.FromMinutes(5), Ct)).Url.Reveal()));
    }
}

/// <summary>What Azure's adapter promises about bodies.</summary>
public sealed class AzureBlobBodyTests(AzuriteServer azurite) : ObjectStoreBodyContract
{
    protected override async Task<IObjectStore> OpenStoreAsync() => ObjectStores.Open(
        new StoreAddress.AzureBlob(AzuriteServer.Account, await azurite.MakeContainerAsync(Ct), "some folder/dumps"),
        new StoreOptions { AzureBlob = azurite.Options }, new NoLinkHost(), TimeProvider.System);

    protected override Task RemoveStoreAsync() => Task.CompletedTask;
}
