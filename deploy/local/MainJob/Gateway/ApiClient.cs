using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace CarbonMarket.MainJob.Gateway;

/// <summary>Credentials of one API client.</summary>
public sealed record ApiClient(string ClientId, string Secret)
{
    /// <summary>
    /// A client whose secret follows from the first operator's: a second run sends the same one, and nobody who does not
    /// know the first can work it out.
    /// </summary>
    public static ApiClient DerivedFrom(ApiClient first, string clientId) => new(clientId,
        Base64Url.EncodeToString(HMACSHA256.HashData(
            Encoding.UTF8.GetBytes(first.Secret), Encoding.UTF8.GetBytes(clientId))));

    /// <summary>What the platform is told of the secret.</summary>
    public string SecretDigest => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Secret)));

    /// <summary>The secret stays out of messages and logs.</summary>
    public override string ToString() => ClientId;
}
