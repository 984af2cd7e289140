using Azure.Core;
using Azure.Identity;
using Godwit.Faults;

namespace Godwit.Storage.AzureBlob;

/// <summary>Gets tokens of Microsoft Entra with the login of this machine, without asking the user. A token is kept
/// until shortly before it expires.</summary>
internal sealed class EntraLogin(TokenCredential? given, TimeProvider clock) : IDisposable
{
    // Outside Azure the search tries an address that never answers and three command line programs. az takes seconds to
    // start.
    private static readonly TimeSpan SearchMax = TimeSpan.FromSeconds(60);

    // A token must still be valid when the request arrives.
    private static readonly TimeSpan RenewBefore = TimeSpan.FromMinutes(5);

    private static readonly string[] Scopes = ["https://storage.azure.com/.default"];

    private readonly SemaphoreSlim _asking = new(1, 1);
    private readonly Lock _keeping = new();
    private TokenCredential? _source = given;
    private AccessToken? _token;

    /// <exception cref="FaultException">Nobody is logged in, or the login was refused.</exception>
    public async Task<Secret> TokenAsync(StoreAddress.AzureBlob address, string endpoint, CancellationToken ct)
    {
        if (!endpoint.StartsWith("https:", StringComparison.OrdinalIgnoreCase))
            throw new FaultException(AzureBlobFaults.TokenNeedsTls(address.ToString(), endpoint));
        await _asking.WaitAsync(ct);
        try
        {
            if (Kept() is { } kept && kept.ExpiresOn - RenewBefore > clock.GetUtcNow())
                return new Secret(kept.Token);
            _source ??= Default();
            var token = await _source.GetTokenAsync(new TokenRequestContext(Scopes), ct).AsTask()
                .WaitAsync(SearchMax, clock, ct);
            lock (_keeping)
                _token = token;
            return new Secret(token.Token);
        }
        catch (Exception e) when (e is CredentialUnavailableException or TimeoutException)
        {
            throw new FaultException(AzureBlobFaults.CredentialsMissing(address.ToString()), e);
        }
        catch (AuthenticationFailedException e)
        {
            throw new FaultException(AzureBlobFaults.LoginRefused(address.ToString(), FirstLine(e)), e);
        }
        finally
        {
            _asking.Release();
        }
    }

    /// <summary>Makes the next call ask for a new token.</summary>
    public void Forget()
    {
        lock (_keeping)
            _token = null;
    }

    public void Dispose() => _asking.Dispose();

    private AccessToken? Kept()
    {
        lock (_keeping)
            return _token;
    }

    // Excludes the logins of a developer's editor: nobody means those when moving a production database.
    private static DefaultAzureCredential Default() => new(new DefaultAzureCredentialOptions
    {
        ExcludeInteractiveBrowserCredential = true,
        ExcludeVisualStudioCredential = true,
        ExcludeVisualStudioCodeCredential = true,
        ExcludeBrokerCredential = true,
    });

    private static string FirstLine(Exception e) => Redactor.Clean(e.Message.Split('\n')[0]).Trim().TrimEnd('.');
}
