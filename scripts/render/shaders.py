"""The renderer's shaders (GLSL 3.30)."""

SURFACE_VERTEX = """#version 330
in vec3 p; in vec3 n; in vec3 r; in vec3 c; in vec4 m; in vec2 e;
uniform mat4 VP; uniform mat4 LVP;
out vec3 P; out vec3 N; out vec3 R; out vec3 C; out vec4 M; out vec2 E; out vec4 LP;
void main(){P=p;N=n;R=r;C=c;M=m;E=e;LP=LVP*vec4(p,1.);gl_Position=VP*vec4(p,1.);}
"""
"""Position, normal, rest position, colour, material, extras and the place in the shadow map."""

SURFACE_FRAGMENT = """#version 330
in vec3 P; in vec3 N; in vec3 R; in vec3 C; in vec4 M; in vec2 E; in vec4 LP;
  uniform vec3 eye; uniform vec3 ldir; uniform vec3 lcol; uniform vec3 l2dir;
  uniform vec3 l2col; uniform vec3 sky; uniform vec3 ground;
  uniform sampler2DShadow sm; uniform sampler2D ao; uniform vec2 res;
  uniform float softness; uniform float exposure; uniform float bump;
out vec4 O;
float h(vec3 p){p=fract(p*.3183099+.1);p*=17.;return fract(p.x*p.y*p.z*(p.x+p.y+p.z));}
float vn(vec3 x){vec3 i=floor(x),f=fract(x);f=f*f*(3.-2.*f);
  return mix(mix(mix(h(i),h(i+vec3(1,0,0)),f.x),mix(h(i+vec3(0,1,0)),h(i+vec3(1,1,0)),f.x),f.y),
    mix(mix(h(i+vec3(0,0,1)),h(i+vec3(1,0,1)),f.x),mix(h(i+vec3(0,1,1)),h(i+vec3(1,1,1)),f.x),f.y),f.z);
  }
  const vec2 pd[12]=vec2[](vec2(-.326,-.406),vec2(-.840,-.074),vec2(-.696,.457),vec2(-.203,.621),
    vec2(.962,-.195),vec2(.473,-.480),vec2(.519,.767),vec2(.185,-.893),vec2(.507,.064),vec2(.896,.412),
    vec2(-.322,-.933),vec2(-.792,-.598));
float shadow(float nl){vec3 q=LP.xyz/LP.w*.5+.5; if(q.z>1.)return 1.; float b=.0012+.004*(1.-nl);
 float a=h(vec3(gl_FragCoord.xy,1.))*6.283;mat2 rm=mat2(cos(a),sin(a),-sin(a),cos(a));float s=0.;
 for(int i=0;i<8;i++)s+=texture(sm,vec3(q.xy+rm*pd[i]*softness,q.z-b));return s/8.;}
void main(){
 // M: rough, sss, kind (0 skin,1 cloth,2 plain,3 hair), specular strength ; E: nail mask, crease
 vec3 n=normalize(N),v=normalize(eye-P); if(dot(n,v)<0.)n=-n;
 vec3 alb=C; float rough=M.x, sss=M.y, sp=M.w; float kind=M.z;
#ifdef CUT
 if(E.x<0.)discard;
#endif
 float bh=0.;
 if(kind<.5){ float hi=vn(R*7.)*.6+vn(R*15.)*.4-.5; alb*=1.+.10*hi;
   float mole=smoothstep(.972,.992,vn(R*1.9+11.)); alb*=mix(vec3(1),vec3(.5,.36,.3),mole*.8);
   alb*=1.-.35*E.y; bh=hi*.02*bump;
   float nl=smoothstep(.42,.55,E.x); float rim=smoothstep(.30,.44,E.x)-nl;
  alb=mix(alb,alb*vec3(1.16,1.0,1.0)+vec3(.05,.03,.03),nl); alb*=1.-.22*rim;
  rough=mix(rough,.22,nl); sp=mix(sp,1.3,nl); bh*=1.-nl; }
  else if(kind<1.5){ float w=vn(R*vec3(.35,.12,.35)+5.)*.7+vn(R*vec3(1.1,.4,1.1))*.3;
  float wv=sin(R.x*28.)*sin(R.y*28.); alb*=.90+.14*w+.04*wv; bh=w*.9*bump;
  if(E.y>5.)alb*=.72+.28*smoothstep(0.,.012,E.x); }
 else if(kind>2.5){ float s=vn(vec3(R.x*9.,R.y*1.2,R.z*9.)); alb*=.55+.9*s; bh=s*.12; }
 else { float w=vn(R*.05)*.6+vn(R*.6)*.4; alb*=.9+.2*w; }
  if(bh!=0.){vec3 dx=dFdx(P),dy=dFdy(P);float bx=dFdx(bh),by=dFdy(bh);
  vec3 r1=cross(dy,n),r2=cross(n,dx);float det=dot(dx,r1);
  vec3 g=sign(det)*(bx*r1+by*r2);n=normalize(abs(det)*n-g);}
 float A=texture(ao,gl_FragCoord.xy/res).r;
 vec3 col=vec3(0); vec3 wr=vec3(.42,.20,.12)*sss;
  float nl0=dot(n,ldir); float s=shadow(clamp(nl0,0.,1.)); vec3 s3=mix(vec3(s),pow(vec3(s),vec3(.55,.9,
    1.)),sss);
 vec3 d=clamp((vec3(nl0)+wr)/((1.+wr)*(1.+wr)),0.,1.); col+=alb*lcol*d*s3;
 float nl2=dot(n,l2dir); col+=alb*l2col*clamp((vec3(nl2)+wr)/((1.+wr)*(1.+wr)),0.,1.)*mix(1.,A,.7);
 vec3 a3=mix(vec3(A),pow(vec3(A),vec3(.7,.95,1.)),sss);
 col+=alb*mix(ground,sky,n.y*.5+.5)*a3;
 float a2=rough*rough; a2*=a2; float F0=.028; float nv=max(dot(n,v),.02);
  for(int i=0;i<2;i++){vec3 l=i==0?ldir:l2dir;vec3 lc=i==0?lcol*s:l2col*A;
  float nl=dot(n,l); if(nl<=0.)continue; vec3 hv=normalize(l+v);
  float nh=max(dot(n,hv),0.),vh=max(dot(v,hv),0.);
  float dd=a2/(3.1416*pow(nh*nh*(a2-1.)+1.,2.)); float F=F0+(1.-F0)*pow(1.-vh,5.);
  float k=(rough+1.)*(rough+1.)/8.; float G=1./(4.*(nl*(1.-k)+k)*(nv*(1.-k)+k));
  col+=lc*dd*F*G*nl*sp*3.1416;}
 col+=sky*A*(F0+(1.-F0)*pow(1.-nv,5.))*(1.-rough)*sp*.5;
  col*=exposure; col=col*(2.51*col+.03)/(col*(2.43*col+.59)+.14);
  col=clamp(col,0.,1.); O=vec4(pow(col,vec3(1./2.2)),1.);}
"""
"""Skin (wrapped diffuse, moles, creases, nails), cloth, plain and hair; key light, soft shadow, fill, sky."""

OCCLUSION_FRAGMENT = """#version 330
  uniform sampler2D dt; uniform vec2 res; uniform float near; uniform float far;
  uniform vec2 tanf; uniform float rad; out float O;
float z(vec2 u){float d=texture(dt,u).r*2.-1.;return 2.*near*far/(far+near-d*(far-near));}
vec3 pos(vec2 u){float q=z(u);return vec3((u*2.-1.)*tanf*q,q);}
float h(vec2 p){return fract(sin(dot(p,vec2(12.9898,78.233)))*43758.5453);}
void main(){vec2 u=gl_FragCoord.xy/res;vec3 p=pos(u); vec2 px=1./res;
  vec3 dx1=pos(u+vec2(px.x,0))-p,dx0=p-pos(u-vec2(px.x,0)),dy1=pos(u+vec2(0,px.y))-p,dy0=p-pos(u-vec2(0,
    px.y));
  vec3 dx=abs(dx1.z)<abs(dx0.z)?dx1:dx0,dy=abs(dy1.z)<abs(dy0.z)?dy1:dy0;
  vec3 n=normalize(cross(dx,dy)); if(n.z>0.)n=-n;
 float a=h(gl_FragCoord.xy)*6.283,o=0.;
  for(int i=0;i<16;i++){float t=a+float(i)*2.4;float rr=rad*sqrt((float(i)+.5)/16.);
  vec2 q=u+vec2(cos(t),sin(t))*rr/(tanf*2.*p.z)*1.; vec3 w=pos(q)-p;
  float l=length(w); float c=max(dot(w/l,n)-.12,0.); o+=c*clamp(1.6-l/rad,0.,1.);
  }
 O=clamp(1.-o/16.*2.1,0.,1.);}
"""
"""Ambient occlusion from the depth picture."""

BLUR_FRAGMENT = """#version 330
uniform sampler2D at; uniform sampler2D dt; uniform vec2 res; out float O;
  void main(){vec2 u=gl_FragCoord.xy/res;float s=0.,w=0.,d0=texture(dt,u).r;
  for(int i=-2;i<=2;i++)for(int j=-2;j<=2;j++){vec2 q=u+vec2(i,j)/res;
  float k=exp(-abs(texture(dt,q).r-d0)*900.);s+=k*texture(at,q).r;
  w+=k;}O=s/w;}
"""
"""Smooths the occlusion within surfaces."""

ANTIALIAS_FRAGMENT = """#version 330
uniform sampler2D it; uniform vec2 res; out vec4 O;
float L(vec3 c){return dot(c,vec3(.299,.587,.114));}
  void main(){vec2 p=1./res,u=gl_FragCoord.xy*p;vec3 c=texture(it,u).rgb;
  float m=L(c),nw=L(texture(it,u+vec2(-1,-1)*p).rgb),ne=L(texture(it,u+vec2(1,-1)*p).rgb),sw=L(texture(it,
    u+vec2(-1,1)*p).rgb),se=L(texture(it,u+p).rgb);
  float mn=min(m,min(min(nw,ne),min(sw,se))),mx=max(m,max(max(nw,ne),max(sw,se)));
  if(mx-mn<max(.02,mx*.08)){O=vec4(c,1.);return;}
  vec2 d=vec2(-((nw+ne)-(sw+se)),(nw+sw)-(ne+se)); float r=max((nw+ne+sw+se)*.03,1./128.);
  d=clamp(d/(min(abs(d.x),abs(d.y))+r),-6.,6.)*p;
  vec3 a=.5*(texture(it,u+d*(1./3.-.5)).rgb+texture(it,u+d*(2./3.-.5)).rgb),b=a*.5+.25*(texture(it,
    u-d*.5).rgb+texture(it,u+d*.5).rgb);
  float lb=L(b);O=vec4((lb<mn||lb>mx)?a:b,1.);}
"""
"""FXAA."""

SCREEN_VERTEX = """#version 330
in vec2 q; void main(){gl_Position=vec4(q,0.,1.);}
"""
"""One triangle over the whole picture."""

DEPTH_VERTEX = """#version 330
in vec3 p; uniform mat4 VP; void main(){gl_Position=VP*vec4(p,1.);}
"""
"""Depth only."""

DEPTH_FRAGMENT = """#version 330
void main(){}
"""
"""Nothing to colour."""
