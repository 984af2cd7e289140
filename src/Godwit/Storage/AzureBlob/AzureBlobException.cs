using System.Net;
using Godwit.Faults;

namespace Godwit.Storage.AzureBlob;

/// <summary>The service's own message. It may repeat the signed text, never a key.</summary>
/// <param name="code"><c>x-ms-error-code</c>; empty: a proxy answered instead of the service.</param>
#pragma warning disable CA1064 // It never leaves this folder but as the cause of a fault.
internal sealed class AzureBlobException(HttpStatusCode status, string code, string message, TimeSpan? wait)
    : Exception(message), IAsksToWait
{
    public HttpStatusCode Status => status;

    public string Code => code;

    public TimeSpan? Wait => wait;
}
