using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace CarbonMarket.Gateway.Running;

/// <summary>Signs tokens as Identity would, and as a forger who knows everything but the key.</summary>
internal sealed class TokenSigner : IDisposable
{
    public const string Issuer = "http://market.example/";
    private const string KeyId = "key-1";
    private readonly RSA _rsa = RSA.Create(2048);

    /// <summary>What Identity publishes for whoever checks tokens.</summary>
    public string Keys()
    {
        var key = JsonWebKeyConverter.ConvertFromRSASecurityKey(new RsaSecurityKey(_rsa.ExportParameters(includePrivateParameters: false)));
        return JsonSerializer.Serialize(new { keys = new[] { new { kty = "RSA", use = "sig", kid = KeyId, n = key.N, e = key.E } } });
    }

    public string Token(string client = "mill-desk", Action<SecurityTokenDescriptor>? change = null)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        var descriptor = new SecurityTokenDescriptor
        {
            Issuer = Issuer,
            Audience = "carbonmarket",
            TokenType = "at+jwt",
            NotBefore = now.AddMinutes(-5),
            IssuedAt = now.AddMinutes(-5),
            Expires = now.AddMinutes(5),
            Claims = new Dictionary<string, object>(StringComparer.Ordinal) { ["jti"] = $"{Guid.CreateVersion7()}", ["sub"] = "somebody", ["client_id"] = client, ["role"] = "emitter" },
            SigningCredentials = new SigningCredentials(new RsaSecurityKey(_rsa) { KeyId = KeyId }, SecurityAlgorithms.RsaSha256),
        };
        change?.Invoke(descriptor);
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(descriptor);
    }

    public void Dispose() => _rsa.Dispose();
}
