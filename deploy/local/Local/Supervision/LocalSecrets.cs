using System.Security.Cryptography;
using System.Text.Json;
using CarbonMarket.Local.Infrastructure;

namespace CarbonMarket.Local.Supervision;

/// <summary>Made once per checkout and readable by its owner only; nothing secret is ever committed or shared.</summary>
/// <param name="Services">The password of each service's own database account.</param>
/// <param name="Bank">What Settlement shows the settlement bank; null in a file from before there was one.</param>
/// <param name="OperatorClientId">The first API client, an operator, from which all others are registered.</param>
public sealed record LocalSecrets(
    string Postgres, string RabbitMq, IReadOnlyDictionary<string, string> Services, string OperatorClientId, string OperatorClientSecret,
    string? Bank = null)
{
    private const int SigningKeyBits = 3072;

    public static async Task<LocalSecrets> LoadOrCreate(Checkout checkout, IEnumerable<string> services, CancellationToken ct)
    {
        var known = LocalJson.Read<LocalSecrets>(checkout.Secrets);
        var secrets = known ?? new(Password(), Password(), services.ToDictionary(name => name, _ => Password(), StringComparer.Ordinal),
            "local-operator", Password());
        if (secrets.Bank is null)
        {
            secrets = secrets with { Bank = Password() };
            await PrivateFile.Write(checkout.Secrets, JsonSerializer.Serialize(secrets, LocalJson.Pretty), ct);
        }
        if (!File.Exists(checkout.SigningKey))
            await PrivateFile.Write(checkout.SigningKey, SigningKey(), ct);
        return secrets;
    }

    /// <summary>256 random bits as 43 characters of base64url, which need no quoting in an address.</summary>
    private static string Password() =>
        Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    private static string SigningKey()
    {
        using var key = RSA.Create(SigningKeyBits);
        return key.ExportPkcs8PrivateKeyPem() + "\n";
    }
}
