using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace CarbonMarket.Identity.Clients;

/// <summary>
/// The SHA-256 of a client's secret, 64 lower-case hexadecimal digits: what whoever registers the client is told of it. A
/// secret is at least 256 bits from a cryptographic source, so that its digest needs no salt and no slow hash, and may
/// stand in events, where the official that confirms the client compares it with what the client's owner says.
/// </summary>
public static partial class SecretDigest
{
    public static bool IsDigest(string text) => DigestForm.IsMatch(text);

    public static string Of(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    /// <summary>A weak secret can be found from its digest.</summary>
    public static bool IsStrong(string secret) => SecretForm.IsMatch(secret);

    /// <summary>Whether this is the secret of that digest, and strong enough to be anybody's.</summary>
    public static bool IsOf(string digest, string secret) => IsStrong(secret)
        && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Of(secret)), Encoding.ASCII.GetBytes(digest));

    [GeneratedRegex("^[0-9a-f]{64}$", RegexOptions.NonBacktracking)]
    private static partial Regex DigestForm { get; }

    // 256 bits of base64url or more.
    [GeneratedRegex("^[A-Za-z0-9_-]{43,200}$", RegexOptions.NonBacktracking)]
    private static partial Regex SecretForm { get; }
}
