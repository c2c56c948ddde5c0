using Microsoft.AspNetCore.Diagnostics;
using Yarp.ReverseProxy.Transforms;

namespace CarbonMarket.Gateway.Routing;

/// <summary>Which path goes to which service: configuration. This only says how every service is spoken to.</summary>
public static class ProxyFeature
{
    public static void AddProxy(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<UpstreamOptions>().BindConfiguration("Upstream").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddReverseProxy()
            .LoadFromConfig(builder.Configuration.GetSection("ReverseProxy"))
            .AddConfigFilter<UpstreamDefaults>()
            .AddTransforms(transforms => transforms
                .AddResponseHeaderRemove("Server", ResponseCondition.Always)
                .AddResponseTransform(LeaveAsItIs));
    }

    // A service's refusal without a body is its own all the same; the gateway's words would name the wrong cause.
    private static ValueTask LeaveAsItIs(ResponseTransformContext answer)
    {
        if (answer.ProxyResponse is not null && answer.HttpContext.Features.Get<IStatusCodePagesFeature>() is { } pages)
            pages.Enabled = false;
        return ValueTask.CompletedTask;
    }
}
