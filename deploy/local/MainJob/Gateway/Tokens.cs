using System.Collections.Concurrent;
using System.Net.Http.Json;

namespace CarbonMarket.MainJob.Gateway;

/// <summary>One access token for each client, kept until shortly before it expires.</summary>
public sealed class Tokens(HttpClient http, TimeProvider clock)
{
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, Token> _tokens = new(StringComparer.Ordinal);
    private long _requests;

    public long Requests => Interlocked.Read(ref _requests);

    public async Task<string> For(ApiClient client, bool renew, CancellationToken stopping)
    {
        if (!renew && _tokens.TryGetValue(client.ClientId, out var token) && clock.GetUtcNow() < token.UsableUntil)
            return token.Value;
        return (_tokens[client.ClientId] = await Fetch(client, stopping)).Value;
    }

    private async Task<Token> Fetch(ApiClient client, CancellationToken stopping)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = client.ClientId,
            ["client_secret"] = client.Secret,
        });
        using var response = await http.PostAsync(new Uri("connect/token", UriKind.Relative), form, stopping);
        Interlocked.Increment(ref _requests);
        if (!response.IsSuccessStatusCode)
            throw await RefusedException.From(response, $"A token for {client.ClientId}", stopping);
        var answer = await response.Content.ReadFromJsonAsync<TokenAnswer>(stopping)
            ?? throw new InvalidOperationException("The token endpoint answered nothing.");
        return new Token(answer.AccessToken, clock.GetUtcNow() + TimeSpan.FromSeconds(answer.ExpiresInSeconds) - Margin);
    }

    private sealed record Token(string Value, DateTimeOffset UsableUntil);
}
