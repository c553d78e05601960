import subprocess,csv,io,random,re,sys
csv.field_size_limit(10**9)
g=__import__('os').environ['REDDIT_TOP_REPO']
paths=[l.split('\t')[1] for l in subprocess.run(['git','--git-dir='+g,'ls-tree','-r','HEAD','data'],capture_output=True,text=True).stdout.split('\n') if l]
rnd=random.Random(3); out=[]
tar=subprocess.Popen(['git','--git-dir='+g,'archive','--format=tar','HEAD','data/'],stdout=subprocess.PIPE,stderr=subprocess.PIPE)
tar.kill()
for p in rnd.sample(paths,700):
    r=subprocess.run(['git','--git-dir='+g,'show','HEAD:'+p],capture_output=True)
    if r.returncode: continue
    rows=list(csv.DictReader(io.StringIO(r.stdout.decode('utf-8','replace'))))
    for d in rnd.sample(rows,min(120,len(rows))):
        t=re.sub(r'\s+',' ',d.get('title') or '').strip()
        s=re.sub(r'\s+',' ',d.get('selftext') or '').strip()
        if len(s)>40 and rnd.random()<.3: t=s[:180]
        if 15<len(t)<260: out.append(t)
rnd.shuffle(out); open(__import__('os').environ.get('WORK','work')+'/reddit.txt','w').write('\n'.join(out)+'\n'); print(len(out))
