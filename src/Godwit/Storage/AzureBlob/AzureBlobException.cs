using System.Net;
using Godwit.Faults;

namespace Godwit.Storage.AzureBlob;

/// <summary>The service refused a call. The message is the service's own. It may repeat the signed text, never a
/// key.</summary>
/// <param name="code">The value of <c>x-ms-error-code</c>; empty when a proxy answered instead of the service.</param>
#pragma warning disable CA1064 // It never leaves this folder but as the cause of a fault.
internal sealed class AzureBlobException(HttpStatusCode status, string code, string message, TimeSpan? wait)
    : Exception(message), IAsksToWait
{
    public HttpStatusCode Status => status;

    public string Code => code;

    public TimeSpan? Wait => wait;
}
